import type { Metadata } from "next";
import { accountOf, addressesOf } from "#/accounts/addresses.ts";
import { oncepaid } from "#/oncepaid.ts";
import { AuditRows } from "#/ui/admin/AuditRows.tsx";
import { AuditSearch } from "#/ui/admin/AuditSearch.tsx";
import { auditFilter, auditQuery, readAuditQuery } from "#/ui/admin/audit-query.ts";
import type { SearchParams } from "#/ui/admin/order-query.ts";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.audit.title") };
}

/** Who did what, the newest first. */
export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireAdmin();
  const asked = readAuditQuery(await searchParams);
  const { entries, next } = await oncepaid().audit.list(await auditFilter(asked, accountOf));
  const addresses = await addressesOf([...new Set(entries.map(({ by }) => by))]);
  const { t } = await pageLanguage();
  return (
    <>
      <Opening title={t("desk.audit.title")} lead={t("desk.audit.lead")} />
      <AuditSearch asked={asked} />
      <AuditRows entries={entries} addresses={addresses} />
      {next !== null && (
        <p>
          <LinkButton href={`/admin/audit${auditQuery({ ...asked, after: next })}`} quiet>
            {t("desk.audit.older")}
          </LinkButton>
        </p>
      )}
    </>
  );
}
