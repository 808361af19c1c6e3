import type { DeskOrder, DeskPage } from "oncepaid";
import { plainAmount } from "#/texts/money.ts";
import { orderNumber } from "#/texts/order-number.ts";
import { csvLine } from "#/ui/admin/csv.ts";

/** Programs read the first line, so it is the same in every language. */
const HEAD = [
  "number",
  "id",
  "ordered_at",
  "paid_at",
  "status",
  "email",
  "name",
  "products",
  "currency",
  "paid",
  "refunded",
  "lost",
  "payment_intent",
  "subscription",
  "customer",
  "discount",
  "tax",
];

/** The orders as CSV (RFC 4180), page by page: never more of them in memory than one page. `pageAfter` asks for the next. */
export async function* ordersCsv(
  pageAfter: (after: string | undefined) => Promise<DeskPage>,
): AsyncGenerator<string> {
  yield csvLine(HEAD);
  let after: string | undefined;
  do {
    const page = await pageAfter(after);
    yield page.orders.map((order) => csvLine(cellsOf(order))).join("");
    after = page.next ?? undefined;
  } while (after !== undefined);
}

function cellsOf(order: DeskOrder): string[] {
  const { currency, stripe } = order;
  const money = (amount: number | null) =>
    currency === null || amount === null ? "" : plainAmount(amount, currency);
  return [
    orderNumber(order.id),
    order.id,
    order.createdAt,
    order.paidAt ?? "",
    order.status,
    order.email ?? "",
    order.name ?? "",
    order.items.map(({ productKey, quantity }) => `${productKey} x ${quantity}`).join("; "),
    currency ?? "",
    money(order.amountTotal),
    money(order.amountRefunded),
    money(order.amountLost),
    stripe.paymentIntent ?? "",
    stripe.subscription ?? "",
    stripe.customer ?? "",
    money(order.amountDiscount),
    money(order.amountTax),
  ];
}
