import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, missing, noSuch } from "../api/errors.ts";
import { amount, currency, decimal, hash, integer, metadata, oneOf, text } from "../api/params.ts";
import { longId } from "../ids.ts";
import type { Kinds } from "../wire.ts";
import { currencyOptions, keepCurrencies } from "./currencies.ts";
import { customUnitAmount, readCustomAmount } from "./custom-amount.ts";
import { buildProduct, soldProductData } from "./product.ts";
import { bothOf, keepTiers, readTiers, type Tier, type tiers, type transformQuantity } from "./tiers.ts";

type Price = Kinds["price"];

export const interval = () => oneOf("day", "week", "month", "year");
const rhythm = { interval: interval(), interval_count: integer({ min: 1, max: 1095 }).optional() };
export const recurring = () =>
  hash({
    ...rhythm,
    meter: text().optional(),
    trial_period_days: integer({ min: 1 }).optional(),
    usage_type: oneOf("licensed", "metered").optional(),
  });

export const money = {
  currency: currency(),
  unit_amount: amount().optional(),
  unit_amount_decimal: decimal().optional(),
  tax_behavior: oneOf("exclusive", "inclusive", "unspecified").optional(),
};

/** `default_price_data` of a product. */
export const inlinePrice = () =>
  hash({
    ...money,
    recurring: hash(rhythm).optional(),
    metadata: metadata().optional(),
    currency_options: currencyOptions().optional(),
    custom_unit_amount: customUnitAmount().optional(),
  });

/** `line_items[][price_data]` of a session. */
export const lineItemPrice = () =>
  hash({
    ...money,
    product: text().optional(),
    product_data: soldProductData().optional(),
    recurring: hash(rhythm).optional(),
  });

type InlinePrice = z.output<ReturnType<typeof inlinePrice>>;
interface Given extends Omit<InlinePrice, "recurring"> {
  active?: boolean | undefined;
  billing_scheme?: "per_unit" | "tiered" | undefined;
  lookup_key?: string | undefined;
  nickname?: string | undefined;
  recurring?: z.output<ReturnType<typeof recurring>> | undefined;
  tiers?: z.output<ReturnType<typeof tiers>> | undefined;
  tiers_mode?: "graduated" | "volume" | undefined;
  transform_quantity?: z.output<ReturnType<typeof transformQuantity>> | undefined;
}

export function buildPrice(act: Act, product: string, given: Given): Price {
  const steps = tiersGiven(given);
  const [unit_amount, unit_amount_decimal] = bothOf(given.unit_amount, given.unit_amount_decimal);
  const custom_unit_amount = customGiven(given);
  if (!steps && !custom_unit_amount && unit_amount_decimal === null) throw missing("unit_amount");
  if (given.recurring) checkMeter(act, given.recurring);
  const price: Price = {
    id: longId("price"),
    object: "price",
    active: given.active ?? true,
    billing_scheme: steps ? "tiered" : "per_unit",
    created: act.now,
    currency: given.currency,
    custom_unit_amount,
    livemode: false,
    lookup_key: given.lookup_key ?? null,
    metadata: mergeMetadata(null, given.metadata),
    nickname: given.nickname ?? null,
    product,
    recurring: given.recurring
      ? {
          interval: given.recurring.interval,
          interval_count: given.recurring.interval_count ?? 1,
          meter: given.recurring.meter ?? null,
          trial_period_days: given.recurring.trial_period_days ?? null,
          usage_type: given.recurring.usage_type ?? "licensed",
        }
      : null,
    tax_behavior: given.tax_behavior ?? "unspecified",
    tiers_mode: given.tiers_mode ?? null,
    transform_quantity: given.transform_quantity ?? null,
    type: given.recurring ? "recurring" : "one_time",
    unit_amount,
    unit_amount_decimal,
  };
  if (steps) keepTiers(act.store, price.id, price.currency, steps);
  keepCurrencies(act.store, price, given.currency_options);
  return price;
}

/** Of a price that the buyer decides, or what doesn't go together with that. */
function customGiven(given: Given): Price["custom_unit_amount"] {
  if (!given.custom_unit_amount) return null;
  for (const name of ["unit_amount", "unit_amount_decimal"] as const) {
    if (given[name] === undefined) continue;
    throw invalid(`You may only specify one of these parameters: custom_unit_amount, ${name}.`, name);
  }
  if (given.recurring) {
    throw invalid("`custom_unit_amount` is for one-time prices only.", "custom_unit_amount");
  }
  const other = given.billing_scheme === "tiered" ? "billing_scheme=tiered" : "transform_quantity";
  if (given.billing_scheme === "tiered" || given.transform_quantity) {
    throw invalid(`\`${other}\` can't be combined with \`custom_unit_amount\`.`, "custom_unit_amount");
  }
  return readCustomAmount(given.custom_unit_amount, given.currency);
}

/** What is paid by use is counted by a meter, and nothing else is. */
function checkMeter(
  act: Act,
  { meter, usage_type: usage = "licensed" }: NonNullable<Given["recurring"]>,
): void {
  if (usage === "metered" && meter === undefined) throw missing("recurring[meter]");
  if (meter === undefined) return;
  if (usage !== "metered") throw invalid("A meter needs `usage_type=metered`.", "recurring[meter]");
  const known = act.store.find("billing.meter", meter);
  if (!known) throw noSuch("meter", meter, "recurring[meter]");
  if (known.status !== "active") throw invalid("This meter is not active.", "recurring[meter]");
}

/** The tiers of a price that has some, or what doesn't go together. */
function tiersGiven(given: Given): Tier[] | undefined {
  const { billing_scheme: scheme, tiers_mode: mode, tiers: steps } = given;
  if (scheme !== "tiered") {
    if (steps) throw invalid("`tiers` needs `billing_scheme=tiered`.", "tiers");
    if (mode) throw invalid("`tiers_mode` needs `billing_scheme=tiered`.", "tiers_mode");
    return undefined;
  }
  if (!mode) throw missing("tiers_mode");
  if (!steps || steps.length === 0) throw missing("tiers");
  if (given.unit_amount !== undefined || given.unit_amount_decimal !== undefined) {
    throw invalid("A price with tiers has no `unit_amount` of its own.", "unit_amount");
  }
  if (given.transform_quantity) {
    throw invalid("`transform_quantity` can't be combined with `tiers`.", "transform_quantity");
  }
  return readTiers(steps);
}

/** A price of one session only: it is stored, since lines refer to it, but can't be used again. */
export function createLineItemPrice(
  act: Act,
  given: z.output<ReturnType<typeof lineItemPrice>>,
  param: string,
): Price {
  if (given.product && !act.store.find("product", given.product)) {
    throw noSuch("product", given.product, `${param}[product]`);
  }
  if (!given.product && !given.product_data) throw missing(`${param}[product_data]`);
  if (given.product && given.product_data) {
    throw invalid(
      "You may only specify one of these parameters: product, product_data.",
      `${param}[product]`,
    );
  }
  const product =
    given.product ?? act.create(buildProduct(act, { name: "", ...given.product_data, active: false })).id;
  return act.create(buildPrice(act, product, { ...given, active: false }));
}
