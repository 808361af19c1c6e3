import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { hasRole } from "oncepaid/routes";
import { productText } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { InviteMember } from "#/ui/admin/InviteMember.tsx";
import { MemberRows } from "#/ui/admin/MemberRows.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { PlanRows } from "#/ui/admin/PlanRows.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

type Props = { params: Promise<{ planId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.plans.one") };
}

/** One plan: whose it is, and who uses it. */
export default async function PlanPage({ params }: Props) {
  const caller = await requireAdmin();
  const plan = await oncepaid().desk.plan((await params).planId);
  if (!plan) notFound();
  const { locale, t } = await pageLanguage();
  const listed = await oncepaid().seats.list(plan.id);
  const isOpen = plan.orderId !== null && plan.state !== "ended";
  return (
    <>
      <Opening
        title={productText(locale, plan.productKey).name}
        lead={plan.ownerEmail ?? t("desk.noEmail")}
      />
      <PlanRows plans={[plan]} />
      <Panel title={t("desk.plans.members")}>
        {plan.orderId === null ? (
          <p>{t("desk.plans.noSeats")}</p>
        ) : (
          <MemberRows planId={plan.id} seats={listed.ok ? listed.seats : []} />
        )}
      </Panel>
      {isOpen && hasRole(caller, "support") && (
        <Panel title={t("desk.support")}>
          <InviteMember planId={plan.id} />
        </Panel>
      )}
    </>
  );
}
