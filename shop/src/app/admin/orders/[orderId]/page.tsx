import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { hasRole } from "oncepaid/routes";
import { accountOf, addressesOf } from "#/accounts/addresses.ts";
import { config } from "#/config.ts";
import { oncepaid } from "#/oncepaid.ts";
import { orderNumber } from "#/texts/order-number.ts";
import { Grants } from "#/ui/admin/Grants.tsx";
import { OrderFacts } from "#/ui/admin/OrderFacts.tsx";
import type { SearchParams } from "#/ui/admin/order-query.ts";
import { askedAddress, otherAccount } from "#/ui/admin/other-account.ts";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { Support } from "#/ui/admin/Support.tsx";
import { Timeline } from "#/ui/admin/Timeline.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

type Props = { params: Promise<{ orderId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.order", { number: orderNumber((await params).orderId) }) };
}

/** An order as an operator needs it: whose it is and what it cost, what can be done, what it gives, what happened to it. */
export default async function OrderPage({ params, searchParams }: Props) {
  const caller = await requireAdmin();
  const { orderId } = await params;
  const [order, view] = await Promise.all([
    oncepaid().desk.order(orderId),
    oncepaid().order(orderId, { as: caller }),
  ]);
  if (!order || !view) notFound();
  const { t } = await pageLanguage();
  const entries = await oncepaid().timeline(order.id);
  const addresses = await addressesOf([...new Set([order.userId, ...entries.map(({ actor }) => actor)])]);
  const email = askedAddress((await searchParams).account);
  const other = email === undefined ? undefined : otherAccount(email, await accountOf(email), order.userId);
  const { mode, apiBase } = config().stripe;
  return (
    <>
      <Opening
        title={t("desk.order", { number: orderNumber(order.id) })}
        lead={order.name ?? order.email ?? t("desk.noEmail")}
      />
      <OrderFacts order={order} dashboard={{ sandbox: mode === "sandbox" ? apiBase?.origin : undefined }} />
      {hasRole(caller, "support") && (
        <Panel title={t("desk.support")}>
          <Support order={order} view={view} account={addresses.get(order.userId)} other={other} />
        </Panel>
      )}
      <Panel title={t("desk.grants")}>
        <Grants entitlements={view.entitlements} />
      </Panel>
      <Panel title={t("desk.timeline")}>
        <Timeline entries={entries} currency={order.currency} operators={addresses} />
      </Panel>
    </>
  );
}
