import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import {
  amount,
  boolean,
  clearable,
  currency,
  decimal,
  hash,
  integer,
  metadata,
  notBuilt,
  oneOf,
  text,
} from "../api/params.ts";
import { priceIn } from "../catalog/currencies.ts";
import { createLineItemPrice, interval } from "../catalog/price.ts";
import { clearableTaxRates, taxRatesFor } from "../tax/rates.ts";
import type { Kinds } from "../wire.ts";
import type { ItemChange } from "./change.ts";
import { discountParams, grantDiscounts } from "./grant-discount.ts";
import { firstPeriodEnd, lastPeriodEnd } from "./period.ts";
import type { Sold, Subscription } from "./subscription.ts";
import { isMetered } from "./usage.ts";

type Price = Kinds["price"];

export const recurringPriceData = () =>
  hash({
    currency: currency(),
    product: text(),
    recurring: hash({ interval: interval(), interval_count: integer({ min: 1 }).optional() }),
    tax_behavior: oneOf("exclusive", "inclusive", "unspecified").optional(),
    unit_amount: amount().optional(),
    unit_amount_decimal: decimal().optional(),
  });

export const oncePriceData = () =>
  hash({
    currency: currency(),
    product: text(),
    tax_behavior: oneOf("exclusive", "inclusive", "unspecified").optional(),
    unit_amount: integer().optional(),
    unit_amount_decimal: decimal().optional(),
  });

const soldItem = {
  billing_thresholds: notBuilt(),
  current_trial: notBuilt(),
  discounts: clearable(discountParams()).optional(),
  metadata: metadata().optional(),
  plan: text().optional(),
  price: text().optional(),
  price_data: recurringPriceData().optional(),
  quantity: integer({ min: 0 }).optional(),
  tax_rates: clearableTaxRates(),
};

export const newItem = () => hash(soldItem);
export const changedItem = () =>
  hash({
    ...soldItem,
    clear_usage: boolean().optional(),
    deleted: boolean().optional(),
    id: text().optional(),
  });

export const paymentBehavior = () =>
  oneOf("allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete").optional();
export const prorationBehavior = () => oneOf("create_prorations", "always_invoice", "none").optional();

export const cancellationDetails = () =>
  hash({
    comment: text().optional(),
    feedback: clearable(
      oneOf(
        "customer_service",
        "low_quality",
        "missing_features",
        "other",
        "switched_service",
        "too_complex",
        "too_expensive",
        "unused",
      ),
    ).optional(),
    feedback_option: notBuilt(),
  });

type ItemParams = z.output<ReturnType<typeof newItem>>;
type ChangedParams = z.output<ReturnType<typeof changedItem>>;

/** The price that was named, or made in passing. It must be recurring where that is asked for. */
export function priceOf(
  act: Act,
  given: Pick<ItemParams, "plan" | "price"> & {
    price_data?: Parameters<typeof createLineItemPrice>[1] | undefined;
  },
  param: string,
  type: "recurring" | "one_time",
): Price | undefined {
  const ways = (["plan", "price", "price_data"] as const).filter((name) => given[name]);
  if (ways.length > 1) {
    throw invalid(
      `You may only specify one of these parameters: ${ways.join(", ")}.`,
      `${param}[${ways[0]}]`,
    );
  }
  const id = given.price ?? given.plan;
  if (id) {
    const price = act.store.find("price", id);
    if (!price) throw noSuch("price", id, `${param}[price]`);
    if (!price.active) {
      throw invalid(
        "The price specified is inactive. This field only accepts active prices.",
        `${param}[price]`,
      );
    }
    if (price.type !== type) {
      const word = type === "recurring" ? "recurring" : "one-time";
      const other = type === "recurring" ? "one_time" : "recurring";
      throw invalid(
        `The price specified is set to \`type=${other}\` but this field only accepts ${word} prices.`,
        `${param}[price]`,
      );
    }
    if (price.custom_unit_amount) {
      const problem =
        "The price specified has a `custom_unit_amount`: only Checkout and Payment Links take it.";
      throw invalid(problem, `${param}[price]`);
    }
    return price;
  }
  if (!given.price_data) return undefined;
  return createLineItemPrice(act, given.price_data, `${param}[price_data]`);
}

/** `customer` is who gets the discounts that are named; without one they are for whoever reads them later. */
export function soldItems(
  act: Act,
  given: readonly ItemParams[],
  customer: string | null,
  name = "items",
): Sold[] {
  return given.map((item, index) => {
    const price = priceOf(act, item, `${name}[${index}]`, "recurring");
    if (!price) throw missing(`${name}[${index}][price]`);
    checkQuantity(price, item.quantity, `${name}[${index}]`);
    return {
      price,
      quantity: item.quantity ?? 1,
      discounts:
        customer === null
          ? []
          : grantDiscounts(act, item.discounts || [], customer, { at: `${name}[${index}][discounts]` }),
      metadata: mergeMetadata(null, item.metadata),
      taxRates: taxRatesFor(act, item.tax_rates, `${name}[${index}][tax_rates]`),
    };
  });
}

/** What is paid by use has no quantity of its own. */
function checkQuantity(price: Price | undefined, quantity: number | undefined, param: string): void {
  if (quantity === undefined || !price || !isMetered(price)) return;
  throw invalid("`quantity` can't be given for a metered price.", `${param}[quantity]`);
}

export function itemChanges(
  act: Act,
  subscription: Subscription,
  given: readonly ChangedParams[],
): ItemChange[] {
  const changes = given.map((item, index): ItemChange => {
    const param = `items[${index}]`;
    const known = item.id ? subscription.items.data.find(({ id }) => id === item.id) : undefined;
    if (item.id && !known) throw noSuch("subscription_item", item.id, `${param}[id]`);
    const given = priceOf(act, item, param, "recurring");
    const price = given && priceIn(act.store, given, subscription.currency);
    if (!item.id && !price) throw missing(`${param}[price]`);
    checkQuantity(price ?? known?.price, item.quantity, param);
    if (item.clear_usage && !(item.deleted && known && isMetered(known.price))) {
      throw invalid("`clear_usage` is for a metered item that is deleted.", `${param}[clear_usage]`);
    }
    const double = !item.id && subscription.items.data.some((one) => one.price.id === price?.id);
    if (double) {
      throw invalid(
        `Cannot add multiple subscription items with the same plan: ${price?.id}`,
        `${param}[price]`,
      );
    }
    const { discounts, ...others } = item;
    return {
      ...others,
      discounts:
        discounts === undefined
          ? undefined
          : grantDiscounts(act, discounts || [], subscription.customer, {
              at: `${param}[discounts]`,
              subscription: subscription.id,
            }),
      price,
      taxRates:
        item.tax_rates === undefined ? undefined : taxRatesFor(act, item.tax_rates, `${param}[tax_rates]`),
      metadata:
        item.metadata === undefined ? undefined : mergeMetadata(known?.metadata ?? null, item.metadata),
    };
  });
  const left = subscription.items.data.filter(
    ({ id }) => !changes.some((one) => one.id === id && one.deleted),
  );
  if (left.length === 0 && !changes.some((one) => one.id === undefined)) {
    throw invalid("A subscription must have at least one active plan.", "items");
  }
  return changes;
}

/** A moment, or the name of one. */
export function momentOf(subscription: Subscription, value: string): number {
  if (value === "min_period_end") return firstPeriodEnd(subscription);
  if (value === "max_period_end" || value === "max_billed_until") return lastPeriodEnd(subscription);
  if (/^\d+$/.test(value)) return Number(value);
  throw invalid("Invalid cancel_at: must be a timestamp, min_period_end or max_period_end", "cancel_at");
}

export function trialEndOf(act: Act, value: string | undefined): "now" | number | undefined {
  if (value === undefined || value === "now") return value;
  const until = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(until)) throw invalid("Invalid trial_end: must be a timestamp or `now`", "trial_end");
  if (until <= act.now) throw invalid("`trial_end` must be in the future.", "trial_end");
  return until;
}

export function methodFor(
  act: Act,
  id: string | undefined,
  customer: string,
  param: string,
): string | undefined {
  if (!id) return id;
  const method = act.store.find("payment_method", id);
  if (!method) throw noSuch("PaymentMethod", id, param);
  if (method.customer !== customer) {
    throw invalid(
      `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
      param,
      "resource_missing",
    );
  }
  return id;
}
