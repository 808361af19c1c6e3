import type { Act } from "../act.ts";
import { amountOf } from "../catalog/tiers.ts";
import { longId } from "../ids.ts";
import { formatMoney } from "../money.ts";
import type { Store } from "../store.ts";
import type { TaxRate } from "../tax/compute.ts";
import { keepOwnRates } from "../tax/on-invoice.ts";
import type { Kinds, LineItem, Metadata } from "../wire.ts";
import { lastingAt } from "./discounts.ts";
import { type Share, shareOf } from "./proration.ts";
import { isLicensed, isMetered, quantityUsed } from "./usage.ts";

export type InvoiceLine = Kinds["invoice"]["lines"]["data"][number];
type Subscription = Kinds["subscription"];
type Item = Subscription["items"]["data"][number];
type Price = Kinds["price"];

/** How a trial is called on its invoice: `Free trial for 3 users × Pro plan`, where the product has a unit. */
function trialText(store: Store, price: Price, quantity: number): string {
  const unit = store.find("product", price.product)?.unit_label;
  return `Free trial for ${quantity} ${unit ? `${unit} ` : ""}× ${productName(store, price)}`;
}

export function productName(store: Store, price: Price): string {
  const product = store.find("product", price.product) ?? store.findDeleted("product", price.product);
  return product?.name ?? price.product;
}

/** One period of an item. `part` is for a first period that is cut short by its anchor. */
export function recurringLine(
  store: Store,
  invoice: string,
  subscription: Subscription,
  item: Item,
  part?: Share,
): InvoiceLine {
  const { price } = item;
  const quantity = item.quantity ?? 1;
  const trial = subscription.status === "trialing";
  const product = productName(store, price);
  const whole = amountOf(store, price, quantity);
  const amount = trial ? 0 : part ? shareOf(whole, part) : whole;
  const blank = line(invoice, amount, price, quantity);
  keepOwnRates(store, blank.id, item.tax_rates);
  return {
    ...blank,
    description: trial ? trialText(store, price, quantity) : `${quantity} × ${product}${unitText(price)}`,
    discounts: lastingAt(store, item.discounts, item.current_period_start),
    metadata: subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: "subscription_item_details",
    },
    period: { end: item.current_period_end, start: item.current_period_start },
    subscription: subscription.id,
  };
}

/** Everything that a subscription pays for in advance. What is paid by use comes when it is over. */
export const periodLines = (
  store: Store,
  invoice: string,
  subscription: Subscription,
  items: readonly Item[],
): InvoiceLine[] => items.filter(isLicensed).map((item) => recurringLine(store, invoice, subscription, item));

/** What was used in the periods of these items, up to a moment. In a trial it costs nothing. */
export function usageLines(
  store: Store,
  invoice: string,
  subscription: Subscription,
  items: readonly Item[],
  until: number,
): InvoiceLine[] {
  if (subscription.status === "trialing") return [];
  return items
    .filter(({ price }) => isMetered(price))
    .map((item) => {
      const end = Math.min(item.current_period_end, until);
      const span = { start: item.current_period_start, end };
      const quantity = quantityUsed(store, item.price, subscription.customer, span);
      const line = recurringLine(store, invoice, subscription, { ...item, quantity });
      return { ...line, period: span, quantity: Math.round(quantity), quantity_decimal: String(quantity) };
    });
}

/** ` (at $20.00 / month)`; a price with tiers has no one amount. */
function unitText(price: Price): string {
  if (price.billing_scheme === "tiered") return "";
  const { divide_by: packed } = price.transform_quantity ?? {};
  const unit = formatMoney(price.unit_amount ?? 0, price.currency);
  const every = price.recurring ? ` / ${rhythmText(price.recurring)}` : "";
  return ` (at ${unit}${packed ? ` per ${packed} units` : ""}${every})`;
}

/** Something sold once, together with a subscription. */
export function oneTimeLine(
  act: Act,
  invoice: string,
  sold: LineItem,
  subscription: Subscription,
  rates: readonly TaxRate[],
): InvoiceLine {
  const blank = line(invoice, sold.amount_subtotal, sold.price, sold.quantity ?? 1);
  keepOwnRates(act.store, blank.id, rates);
  return {
    ...blank,
    description: sold.description,
    parent: {
      invoice_item_details: {
        invoice_item: longId("ii"),
        proration: false,
        proration_details: null,
        subscription: subscription.id,
      },
      subscription_item_details: null,
      type: "invoice_item_details",
    },
    period: { end: act.now, start: act.now },
    subscription: subscription.id,
  };
}

/** An invoice item on the invoice that bills it. */
export function itemLine(
  store: Store,
  invoice: string,
  item: Kinds["invoiceitem"],
  id = longId("il"),
): InvoiceLine {
  const price = store.find("price", item.pricing?.price_details?.price ?? "") ?? null;
  const parent = item.parent?.subscription_details;
  const details = {
    invoice_item: item.id,
    proration: item.proration,
    proration_details: { credited_items: null },
    subscription: parent?.subscription ?? null,
  };
  const ofItem = parent?.subscription_item;
  const blank = { ...line(invoice, item.amount, price, item.quantity), id };
  keepOwnRates(store, blank.id, item.tax_rates);
  return {
    ...blank,
    currency: item.currency,
    description: item.description,
    discountable: item.discountable,
    discounts: item.discounts ?? [],
    metadata: item.metadata ?? {},
    parent: ofItem
      ? {
          invoice_item_details: null,
          subscription_item_details: { ...details, subscription_item: ofItem },
          type: "subscription_item_details",
        }
      : {
          invoice_item_details: details,
          subscription_item_details: null,
          type: "invoice_item_details",
        },
    period: item.period,
    pricing: item.pricing,
    quantity_decimal: item.quantity_decimal,
    subscription: parent?.subscription ?? null,
  };
}

/** A line that was written on a draft by hand. */
export function manualLine(
  act: Act,
  invoice: Kinds["invoice"],
  given: {
    amount: number;
    description: string | null;
    price: Price | null;
    quantity: number;
    metadata: Metadata;
    taxRates?: readonly TaxRate[];
  },
): InvoiceLine {
  const blank = line(invoice.id, given.amount, given.price, given.quantity);
  keepOwnRates(act.store, blank.id, given.taxRates);
  return {
    ...blank,
    currency: invoice.currency,
    description: given.description,
    metadata: given.metadata,
    parent: {
      invoice_item_details: {
        invoice_item: longId("ii"),
        proration: false,
        proration_details: null,
        subscription: null,
      },
      subscription_item_details: null,
      type: "invoice_item_details",
    },
    period: { end: act.now, start: act.now },
    subscription: null,
  };
}

function rhythmText({
  interval,
  interval_count: count,
}: {
  interval: string;
  interval_count: number;
}): string {
  return count === 1 ? interval : `every ${count} ${interval}s`;
}

/** What a line or an invoice item says of its price. */
export const pricingOf = (price: Pick<Price, "id" | "product" | "unit_amount_decimal">) => ({
  price_details: { price: price.id, product: price.product },
  type: "price_details" as const,
  unit_amount_decimal: price.unit_amount_decimal,
});

const noDiscounts = (): string[] => [];

function line(invoice: string, amount: number, price: LineItem["price"], quantity: number) {
  return {
    id: longId("il"),
    object: "line_item" as const,
    amount,
    currency: price?.currency ?? "usd",
    discount_amounts: [],
    discountable: true,
    discounts: noDiscounts(),
    invoice,
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    pricing: price ? pricingOf(price) : null,
    quantity,
    quantity_decimal: String(quantity),
    subtotal: amount,
    taxes: [],
  };
}
