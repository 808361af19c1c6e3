import type { AboutOrder } from "oncepaid";
import { productText, type ShopOncepaid } from "#/catalog/products.ts";
import { LANGUAGE, type Locale } from "#/locale.ts";
import type { Row } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";
import { formatMoney } from "#/texts/money.ts";
import { orderNumber } from "#/texts/order-number.ts";

/** The order has its buyer's language; which one the shop's own people read is not known. */
export const OPERATORS_LOCALE = LANGUAGE;

/** Throws when there is no such order: a job never comes before its order. */
export async function aboutOrder(oncepaid: ShopOncepaid, orderId: string): Promise<AboutOrder> {
  const order = await oncepaid.about(orderId);
  if (!order) throw new Error(`There is no order ${orderId}.`);
  return order;
}

/** The buyer's address, as somebody to write to. */
export function buyerOf({ email }: AboutOrder): string[] {
  return email ? [email] : [];
}

export function nameOf(productKey: string, locale: Locale): string {
  return productText(locale, productKey).name;
}

/** One row per product; the quantity stands beside what is more than one. */
export function itemRows(
  { items }: { items: { productKey: string; quantity: number }[] },
  locale: Locale,
): Row[] {
  return items.map(({ productKey, quantity }) => ({
    name: nameOf(productKey, locale),
    value: `× ${quantity.toLocaleString(locale)}`,
  }));
}

/** The same with what each line cost, as far as it is known. */
export function pricedRows(order: AboutOrder, locale: Locale): Row[] {
  const { items, currency } = order;
  const rows = itemRows(order, locale);
  return items.map(({ quantity, unitAmount }, place) => {
    const { name = "", value = "" } = rows[place] ?? {};
    if (unitAmount === null || currency === null) return { name, value };
    const amount = formatMoney(unitAmount * quantity, currency, locale);
    return { name: quantity > 1 ? `${name} ${value}` : name, value: amount };
  });
}

/** "The field guide and Pro": what an order is about, in a subject. */
export function productNames({ items }: AboutOrder, locale: Locale): string {
  const names = items.map(({ productKey }) => nameOf(productKey, locale));
  return new Intl.ListFormat(locale, { type: "conjunction" }).format(names);
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

/** When its plan is charged next and of how much, or when it ends; no row while Stripe has told nothing of it. */
export function upcomingRow({ upcoming, currency }: AboutOrder, locale: Locale): Row[] {
  if (upcoming === null) return [];
  const t = mailText(locale);
  const { what, amount } = upcoming;
  const date = longDate(upcoming.at, locale);
  const value =
    amount === null || currency === null
      ? date
      : t("receipt.upcoming.amountOn", { amount: formatMoney(amount, currency, locale), date });
  return [{ name: t(`receipt.upcoming.${what}`), value }];
}

export function longDate(date: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(date);
}

/** What a person quotes when they ask about an order. */
export function numberRow({ id }: AboutOrder, locale: Locale): Row {
  return { name: mailText(locale)("rows.order"), value: orderNumber(id) };
}
