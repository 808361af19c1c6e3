import type { Metadata } from "next";
import { oncepaid } from "#/oncepaid.ts";
import { CodeRows } from "#/ui/admin/CodeRows.tsx";
import { NewCode } from "#/ui/admin/NewCode.tsx";
import type { SearchParams } from "#/ui/admin/order-query.ts";
import { Pages } from "#/ui/admin/Pages.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageCurrency, pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";
import { currenciesFor } from "#/ui/visitor/currencies.ts";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.codes.title") };
}

/** Discount codes as Stripe has them, for owners. */
export default async function CodesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireAdmin("owner");
  const { t } = await pageLanguage();
  const { after } = await searchParams;
  const [page, currencies] = await Promise.all([
    oncepaid().promotionCodes.list({ after: typeof after === "string" ? after : undefined }),
    currenciesFor(await pageCurrency()),
  ]);
  return (
    <>
      <Opening title={t("desk.codes.title")} lead={t("desk.codes.lead")} />
      <Panel title={t("desk.codes.new")}>
        <NewCode currencies={currencies?.all ?? []} />
      </Panel>
      <Panel title={t("desk.codes.all")}>
        {page.ok ? (
          <>
            <CodeRows codes={page.promotionCodes} />
            <Pages path="/admin/codes" next={page.next} isFirst={after === undefined} />
          </>
        ) : (
          <p role="alert">
            {t(page.code === "stripe_unavailable" ? "desk.codes.unreachable" : "desk.codes.refused")}
          </p>
        )}
      </Panel>
    </>
  );
}
