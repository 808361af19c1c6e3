import type { Metadata } from "next";
import { addressesOf } from "#/accounts/addresses.ts";
import { oncepaid } from "#/oncepaid.ts";
import { KeyRows } from "#/ui/admin/KeyRows.tsx";
import { NewKey } from "#/ui/admin/NewKey.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.keys.title") };
}

const SCOPES = ["read", "sell", "support", "operator"] as const;

/** Keys for other servers, for owners. */
export default async function KeysPage() {
  await requireAdmin("owner");
  const { t } = await pageLanguage();
  const keys = await oncepaid().keys.list();
  const people = keys.flatMap(({ createdBy, revokedBy }) => [createdBy, revokedBy ?? createdBy]);
  const scopes = SCOPES.map((scope) => ({ scope, what: t(`desk.keys.what.${scope}`) }));
  return (
    <>
      <Opening title={t("desk.keys.title")} lead={t("desk.keys.lead")} />
      <Panel title={t("desk.keys.new")}>
        <NewKey scopes={scopes} />
      </Panel>
      <Panel title={t("desk.keys.all")}>
        <KeyRows keys={keys} addresses={await addressesOf([...new Set(people)])} />
      </Panel>
    </>
  );
}
