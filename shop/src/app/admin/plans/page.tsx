import type { Metadata } from "next";
import { oncepaid } from "#/oncepaid.ts";
import type { SearchParams } from "#/ui/admin/order-query.ts";
import { Pages } from "#/ui/admin/Pages.tsx";
import { PlanRows } from "#/ui/admin/PlanRows.tsx";
import { PlanSearch } from "#/ui/admin/PlanSearch.tsx";
import { readPlanQuery } from "#/ui/admin/plan-query.ts";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.plans.title") };
}

/** Who has which plan, the newest first. */
export default async function PlansPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireAdmin();
  const asked = readPlanQuery(await searchParams);
  const { plans, next } = await oncepaid().desk.plans(asked);
  const { t } = await pageLanguage();
  const { owner, productKey: product, state, after } = asked;
  return (
    <>
      <Opening title={t("desk.plans.title")} lead={t("desk.plans.lead")} />
      <PlanSearch asked={asked} />
      <PlanRows plans={plans} />
      <Pages
        path="/admin/plans"
        query={{ owner, product, state }}
        next={next}
        isFirst={after === undefined}
      />
    </>
  );
}
