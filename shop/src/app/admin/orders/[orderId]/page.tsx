import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { oncepaid } from "#/oncepaid.ts";
import { Grants } from "#/ui/admin/Grants.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { Timeline } from "#/ui/admin/Timeline.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { OrderTicket } from "#/ui/receipt/OrderTicket.tsx";
import { Opening } from "#/ui/shop/Opening.tsx";

type Props = { params: Promise<{ orderId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("admin.order") };
}

/** An order as an operator needs it: what it is, what it gives and why, and everything that happened to it. */
export default async function Page({ params }: Props) {
  const order = await oncepaid().order((await params).orderId, { as: await requireAdmin() });
  if (!order) notFound();
  const { t } = await pageLanguage();
  return (
    <>
      <Opening title={t("admin.order")} lead={t("admin.orderStatus", { status: order.status })} />
      <OrderTicket order={order} />
      <Panel title={t("admin.grants")}>
        <Grants entitlements={order.entitlements} />
      </Panel>
      <Panel title={t("admin.timeline")}>
        <Timeline entries={await oncepaid().timeline(order.id)} />
      </Panel>
    </>
  );
}
