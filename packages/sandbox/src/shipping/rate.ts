import { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { amount, currency, hash, ignored, integer, metadata, oneOf, text } from "../api/params.ts";
import { longId } from "../ids.ts";
import type { Kinds } from "../wire.ts";

export type ShippingRate = Kinds["shipping_rate"];

const taxBehavior = () => oneOf("exclusive", "inclusive", "unspecified");
const time = () =>
  hash({
    unit: oneOf("business_day", "day", "hour", "month", "week"),
    value: integer({ min: 1 }),
  }).optional();

/** What it costs in other currencies than its own. */
export const currencyOptions = () =>
  z.record(z.string(), hash({ amount: amount().optional(), tax_behavior: taxBehavior().optional() }));

/** What `POST /v1/shipping_rates` and a session's `shipping_rate_data` have in common. */
export const rateData = {
  delivery_estimate: hash({ maximum: time(), minimum: time() }).optional(),
  display_name: text(100),
  fixed_amount: hash({
    amount: amount(),
    currency: currency(),
    currency_options: currencyOptions().optional(),
  }).optional(),
  metadata: metadata().optional(),
  tax_behavior: taxBehavior().optional(),
  tax_code: ignored("no_tax_codes"),
  type: oneOf("fixed_amount").optional(),
};

const given = hash(rateData);

/** One way to ship and its price; `shopCurrency` is what it costs nothing in where no amount is given. */
export function buildRate(act: Act, data: z.output<typeof given>, shopCurrency: string): ShippingRate {
  const { delivery_estimate: estimate, fixed_amount: cost } = data;
  return {
    id: longId("shr"),
    object: "shipping_rate",
    active: true,
    created: act.now,
    delivery_estimate: estimate
      ? { maximum: estimate.maximum ?? null, minimum: estimate.minimum ?? null }
      : null,
    display_name: data.display_name,
    fixed_amount: {
      amount: cost?.amount ?? 0,
      currency: cost?.currency ?? shopCurrency,
      ...(cost?.currency_options && { currency_options: optionsOf(cost.currency_options) }),
    },
    livemode: false,
    metadata: mergeMetadata(null, data.metadata),
    tax_behavior: data.tax_behavior ?? "unspecified",
    tax_code: null,
    type: "fixed_amount",
  };
}

type Options = NonNullable<NonNullable<ShippingRate["fixed_amount"]>["currency_options"]>;

export function optionsOf(options: z.output<ReturnType<typeof currencyOptions>>, old: Options = {}): Options {
  const changed = Object.entries(options).map(([code, { amount: cost, tax_behavior }]) => [
    code,
    {
      amount: cost ?? old[code]?.amount ?? 0,
      tax_behavior: tax_behavior ?? old[code]?.tax_behavior ?? "unspecified",
    },
  ]);
  return { ...old, ...Object.fromEntries(changed) };
}

/** The rate that was named, which can still be chosen. */
export function rateAt(act: Act, id: string, param: string): ShippingRate {
  const rate = act.store.find("shipping_rate", id);
  if (!rate) throw noSuch("shipping rate", id, param);
  if (!rate.active)
    throw invalid(`The shipping rate \`${id}\` is archived and can't be used any more.`, param);
  return rate;
}

/** What it costs in a currency; null where it has no price in it. */
export function costIn({ fixed_amount: cost }: ShippingRate, wanted: string | null): number | null {
  if (!cost) return 0;
  if (cost.currency === wanted) return cost.amount;
  return cost.currency_options?.[wanted ?? ""]?.amount ?? null;
}
