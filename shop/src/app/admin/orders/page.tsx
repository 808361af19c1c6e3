import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { oncepaid } from "#/oncepaid.ts";
import { OrderRows } from "#/ui/admin/OrderRows.tsx";
import { OrderSearch } from "#/ui/admin/OrderSearch.tsx";
import { namesOneOrder, orderQuery, readOrderQuery, type SearchParams } from "#/ui/admin/order-query.ts";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.orders") };
}

/** Everybody's orders, found by whatever a buyer tells. */
export default async function OrdersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireAdmin();
  const asked = readOrderQuery(await searchParams);
  const { orders, next } = await oncepaid().desk.orders(asked);
  const [only, ...others] = orders;
  if (only && others.length === 0 && asked.search !== undefined && namesOneOrder(asked.search)) {
    redirect(`/admin/orders/${only.id}`);
  }
  const { t } = await pageLanguage();
  return (
    <>
      <Opening title={t("desk.orders")} lead={t("desk.ordersLead")} />
      <OrderSearch asked={asked} />
      <OrderRows orders={orders} />
      {next !== null && (
        <p>
          <LinkButton href={`/admin/orders${orderQuery({ ...asked, after: next })}`} quiet>
            {t("desk.older")}
          </LinkButton>
        </p>
      )}
    </>
  );
}
