import type { Engine } from "oncepaid/engine.ts";
import type { Facts } from "oncepaid/rules/facts.ts";
import { productText } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";
import type { Row } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";
import { formatMoney } from "#/texts/money.ts";

/** What mails tell of an order, read when they are sent. Amounts are minor units. */
export type AboutOrder = {
  id: string;
  email: string | null;
  status: string;
  mode: string;
  currency: string | null;
  amountTotal: number | null;
  amountRefunded: number;
  paidAt: Date | null;
  facts: Facts;
  items: { productKey: string; quantity: number }[];
};

type OrderRow = {
  id: string;
  email: string | null;
  status: string;
  mode: string;
  currency: string | null;
  amount_total: number | null;
  amount_refunded: number;
  paid_at: Date | null;
  facts: Facts;
  items: { productKey: string; quantity: number }[];
};

/** Throws when there is no such order: a job never comes before its order. */
export async function aboutOrder(engine: Engine, orderId: string): Promise<AboutOrder> {
  const { rows } = await engine.database.query<OrderRow>(
    `select o.id, o.email, o.status, o.mode, o.currency, o.amount_total, o.amount_refunded, o.paid_at, o.facts,
            (select coalesce(json_agg(json_build_object('productKey', i.product_key, 'quantity', i.quantity)
                                      order by i.product_key), '[]')
               from oncepaid.order_item i where i.order_id = o.id) as items
       from oncepaid."order" o where o.id = $1`,
    [orderId],
  );
  const [row] = rows;
  if (!row) throw new Error(`There is no order ${orderId}.`);
  const { amount_total, amount_refunded, paid_at, ...same } = row;
  return { ...same, amountTotal: amount_total, amountRefunded: amount_refunded, paidAt: paid_at };
}

/** The buyer's address, as somebody to write to: the one Stripe collected, or the one the order was made with. */
export function buyerOf(order: AboutOrder): string[] {
  const told = Object.values(order.facts.sessions).flatMap(({ email }) => email ?? []);
  const address = order.email ?? told[0];
  return address === undefined ? [] : [address];
}

export function nameOf(productKey: string, locale: Locale): string {
  return productText(locale, productKey).name;
}

/** One row per product; the quantity stands beside what is more than one. */
export function itemRows({ items }: AboutOrder, locale: Locale): Row[] {
  return items.map(({ productKey, quantity }) => ({
    name: nameOf(productKey, locale),
    value: `× ${quantity.toLocaleString(locale)}`,
  }));
}

/** A row with an amount, or none while the amount isn't known. */
export function amountRow(
  name: string,
  amount: number | null | undefined,
  currency: string | null | undefined,
  locale: Locale,
): Row[] {
  if (amount == null || currency == null) return [];
  return [{ name, value: formatMoney(amount, currency, locale), strong: true }];
}

export function longDate(date: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(date);
}

/** What a person quotes when they ask about an order. */
export function numberRow({ id }: AboutOrder, locale: Locale): Row {
  return { name: mailText(locale)("rows.order"), value: id };
}
