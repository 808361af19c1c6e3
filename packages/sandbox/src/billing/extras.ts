import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { missing } from "../api/errors.ts";
import { boolean, clearable, hash, integer, list, metadata, oneOf, text, timestamp } from "../api/params.ts";
import { priceIn } from "../catalog/currencies.ts";
import { clearableTaxRates, taxRatesFor } from "../tax/rates.ts";
import { discountParams, grantDiscounts } from "./grant-discount.ts";
import { oncePriceData, priceOf } from "./params.ts";
import type { Sold } from "./subscription.ts";

const extra = {
  discountable: boolean().optional(),
  discounts: clearable(discountParams()).optional(),
  metadata: metadata().optional(),
  price: text().optional(),
  price_data: oncePriceData().optional(),
  quantity: integer({ min: 0 }).optional(),
  tax_rates: clearableTaxRates(),
};

/** `add_invoice_items` of a subscription. */
export const extraItems = () =>
  list(
    hash({
      ...extra,
      period: hash({
        end: hash({ timestamp: timestamp().optional(), type: oneOf("min_item_period_end", "timestamp") }),
        start: hash({
          timestamp: timestamp().optional(),
          type: oneOf("max_item_period_start", "now", "timestamp"),
        }),
      }).optional(),
    }),
    { max: 20 },
  );

/** The same of a schedule's phase, which has a beginning and an end of its own. */
export const phaseExtras = () =>
  list(
    hash({
      ...extra,
      period: hash({
        end: hash({
          timestamp: timestamp().optional(),
          type: oneOf("min_item_period_end", "phase_end", "timestamp"),
        }),
        start: hash({
          timestamp: timestamp().optional(),
          type: oneOf("max_item_period_start", "phase_start", "timestamp"),
        }),
      }).optional(),
    }),
    { max: 20 },
  );

/** What is sold once with a subscription's next invoice. */
export function extrasOf(
  act: Act,
  given: z.output<ReturnType<typeof extraItems>> | undefined,
  money: string,
  customer: string,
): Sold[] {
  return (given ?? []).map((extra, index) => {
    const param = `add_invoice_items[${index}]`;
    const price = priceOf(act, { ...extra, plan: undefined }, param, "one_time");
    if (!price) throw missing(`${param}[price]`);
    return {
      price: priceIn(act.store, price, money),
      quantity: extra.quantity ?? 1,
      discountable: extra.discountable,
      discounts: grantDiscounts(act, extra.discounts || [], customer, { at: `${param}[discounts]` }),
      metadata: mergeMetadata(null, extra.metadata),
      period: extra.period,
      taxRates: taxRatesFor(act, extra.tax_rates, `${param}[tax_rates]`),
    };
  });
}
