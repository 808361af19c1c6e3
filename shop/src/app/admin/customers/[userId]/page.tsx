import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { hasRole } from "oncepaid/routes";
import { addressesOf } from "#/accounts/addresses.ts";
import { oncepaid } from "#/oncepaid.ts";
import { BuyerHas } from "#/ui/admin/BuyerHas.tsx";
import { GrantAccess } from "#/ui/admin/GrantAccess.tsx";
import { givable } from "#/ui/admin/givable.ts";
import { OrderRows } from "#/ui/admin/OrderRows.tsx";
import type { SearchParams } from "#/ui/admin/order-query.ts";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";
import { Opening } from "#/ui/shop/Opening.tsx";

type Props = { params: Promise<{ userId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.customer") };
}

/** One account: everything it ordered, and what it may use. */
export default async function CustomerPage({ params, searchParams }: Props) {
  const caller = await requireAdmin();
  const userId = decodeURIComponent((await params).userId);
  const { after } = await searchParams;
  const [{ orders, next }, entitlements, addresses] = await Promise.all([
    oncepaid().desk.orders({ userId, after: typeof after === "string" ? after : undefined }),
    oncepaid().entitlements(userId),
    addressesOf([userId]),
  ]);
  if (orders.length === 0 && entitlements.length === 0) notFound();
  const { locale, t } = await pageLanguage();
  const called = orders.flatMap(({ name, email }) => name ?? email ?? [])[0];
  return (
    <>
      <Opening title={called ?? t("desk.customer")} lead={t("desk.customerLead")} />
      <Panel title={t("desk.customerHas")}>
        <BuyerHas entitlements={entitlements} />
        {hasRole(caller, "support") && (
          <GrantAccess userId={userId} address={addresses.get(userId)} givable={givable(locale)} />
        )}
      </Panel>
      <Panel title={t("desk.customerOrders")}>
        <OrderRows orders={orders} />
        {next !== null && (
          <p>
            <LinkButton href={`/admin/customers/${encodeURIComponent(userId)}?after=${next}`} quiet>
              {t("desk.older")}
            </LinkButton>
          </p>
        )}
      </Panel>
    </>
  );
}
