import type { Act } from "../act.ts";
import { amountOf } from "../catalog/tiers.ts";
import { longId } from "../ids.ts";
import type { Kinds, Metadata } from "../wire.ts";
import { priceAfter } from "./discounts.ts";
import { pricingOf, productName } from "./lines.ts";
import { firstPeriodEnd } from "./period.ts";
import { prorationText, type Share, shareOf } from "./proration.ts";
import type { Sold, Subscription, SubscriptionItem } from "./subscription.ts";
import { quantityUsed } from "./usage.ts";

type InvoiceItem = Kinds["invoiceitem"];

export function buildInvoiceItem(
  act: Act,
  customer: Kinds["customer"],
  given: {
    amount: number;
    currency: string;
    description: string | null;
    discountable?: boolean;
    discounts?: string[];
    invoice?: string | null;
    metadata?: Metadata;
    period?: { start: number; end: number };
    price?: Kinds["price"] | null;
    proration?: boolean;
    quantity?: number;
    subscription?: string | undefined;
    subscriptionItem?: string;
    taxRates?: Kinds["tax_rate"][] | null;
  },
): InvoiceItem {
  const { amount, price, quantity = 1, subscription } = given;
  return {
    id: longId("ii"),
    object: "invoiceitem",
    amount,
    currency: given.currency,
    customer: customer.id,
    customer_account: null,
    date: act.now,
    description: given.description,
    discountable: given.discountable ?? true,
    discounts: given.discounts ?? [],
    invoice: given.invoice ?? null,
    livemode: false,
    metadata: given.metadata ?? {},
    net_amount: amount,
    parent: subscription
      ? {
          subscription_details: {
            subscription,
            ...(given.subscriptionItem && { subscription_item: given.subscriptionItem }),
          },
          type: "subscription_details",
        }
      : null,
    period: given.period ?? { end: act.now, start: act.now },
    pricing: price ? pricingOf(price) : null,
    proration: given.proration ?? false,
    ...(given.proration && { proration_details: { credited_items: null, discount_amounts: [] } }),
    quantity: Math.trunc(quantity),
    quantity_decimal: String(quantity),
    tax_rates: given.taxRates ?? [],
    test_clock: customer.test_clock ?? null,
  };
}

/** Gives back the unused time of an item, or charges the rest of a period for it. Discounts are counted in. */
export function prorate(
  act: Act,
  customer: Kinds["customer"],
  subscription: Subscription,
  item: SubscriptionItem,
  kind: "Unused" | "Remaining",
  share: Share,
  at: number,
): InvoiceItem {
  const { price, quantity = 1 } = item;
  const whole = priceAfter(
    act.store,
    [...item.discounts, ...subscription.discounts],
    amountOf(act.store, price, quantity),
    price.product,
  );
  const built = buildInvoiceItem(act, customer, {
    amount: shareOf(kind === "Unused" ? -whole : whole, share),
    currency: subscription.currency,
    description: prorationText(kind, productName(act.store, price), quantity, at),
    // The discount is in the amount already.
    discountable: false,
    metadata: subscription.metadata,
    period: { end: item.current_period_end, start: at },
    price,
    proration: true,
    quantity,
    subscription: subscription.id,
    subscriptionItem: item.id,
    taxRates: item.tax_rates,
  });
  return act.create(built, "invoiceitem.created");
}

/** What was used of an item up to a moment, billed with the next invoice: the item goes, or is counted otherwise from here on. */
export function billUsage(
  act: Act,
  customer: Kinds["customer"],
  subscription: Subscription,
  item: SubscriptionItem,
  until: number,
): void {
  const { price } = item;
  const span = { start: item.current_period_start, end: Math.min(item.current_period_end, until) };
  const quantity = quantityUsed(act.store, price, customer.id, span);
  if (quantity === 0) return;
  const built = buildInvoiceItem(act, customer, {
    amount: amountOf(act.store, price, quantity),
    currency: subscription.currency,
    description: `${quantity} × ${productName(act.store, price)}`,
    metadata: subscription.metadata,
    period: span,
    price,
    quantity: Math.round(quantity),
    subscription: subscription.id,
    subscriptionItem: item.id,
    taxRates: item.tax_rates,
  });
  act.create(built, "invoiceitem.created");
}

/** Something sold once beside a subscription: it is on its next invoice. */
export function billExtra(
  act: Act,
  customer: Kinds["customer"],
  subscription: Pick<Subscription, "currency" | "id" | "items">,
  { price, quantity, discountable, discounts = [], metadata, period, taxRates }: Sold,
): InvoiceItem {
  const built = buildInvoiceItem(act, customer, {
    amount: amountOf(act.store, price, quantity),
    currency: subscription.currency,
    description: productName(act.store, price),
    ...(discountable !== undefined && { discountable }),
    discounts,
    metadata,
    ...(period && { period: spanOf(act, subscription, period) }),
    price,
    quantity,
    subscription: subscription.id,
    taxRates: taxRates ?? [],
  });
  return act.create(built);
}

/** The time it is for, from the moments by their names. */
function spanOf(
  act: Act,
  subscription: Pick<Subscription, "items">,
  { end, start }: NonNullable<Sold["period"]>,
) {
  const from =
    start.type === "max_item_period_start"
      ? Math.max(...subscription.items.data.map((item) => item.current_period_start))
      : (start.timestamp ?? act.now);
  const until = end.type === "min_item_period_end" ? firstPeriodEnd(subscription) : (end.timestamp ?? from);
  return { end: Math.max(from, until), start: from };
}
