import type { z } from "zod";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, missing } from "../api/errors.ts";
import type { Wanted } from "../billing/grant-discount.ts";
import { priceOf, soldItems } from "../billing/params.ts";
import { rhythmOf, type Sold } from "../billing/subscription.ts";
import { periodAfter } from "../catalog/period.ts";
import { taxRatesFor } from "../tax/rates.ts";
import type { Kinds } from "../wire.ts";
import type { phase } from "./params.ts";
import { automaticTaxOf, billSettingsOf } from "./settings.ts";

export type Schedule = Kinds["subscription_schedule"];
export type Phase = Schedule["phases"][number];
type Given = z.output<ReturnType<typeof phase>>;
type Extra = Phase["add_invoice_items"][number];
type StoredDiscount = Phase["discounts"][number];

/** The phases one after another: each begins where the one before it ends. */
export function phasesFrom(act: Act, given: readonly Given[], start: number): Phase[] {
  let at = start;
  return given.map((one, place) => {
    const param = `phases[${place}]`;
    if (one.items.length === 0) throw missing(`${param}[items]`);
    const sold = soldItems(act, one.items, null, `${param}[items]`);
    const begins = one.start_date === undefined ? at : momentOf(act, one.start_date);
    if (begins !== at && place > 0)
      throw invalid("Phases must follow each other without gaps.", `${param}[start_date]`);
    const built = buildPhase(act, one, sold, begins, param);
    if (built.end_date <= begins) {
      throw invalid("The phase's end must be after its start.", `${param}[end_date]`);
    }
    at = built.end_date;
    return built;
  });
}

function buildPhase(act: Act, given: Given, sold: readonly Sold[], start: number, param: string): Phase {
  const trialEnd = given.trial_end === undefined ? null : momentOf(act, given.trial_end);
  const end = endOf(act, given, sold, start);
  const { automatic_tax: tax } = given;
  return {
    add_invoice_items: (given.add_invoice_items ?? []).map((_, place) => extraOf(act, given, place, param)),
    application_fee_percent: null,
    ...(tax && { automatic_tax: automaticTaxOf(tax.enabled) }),
    billing_cycle_anchor: given.billing_cycle_anchor ?? null,
    billing_thresholds: null,
    collection_method: given.collection_method ?? null,
    currency: given.currency ?? sold[0]?.price.currency ?? "usd",
    default_payment_method: given.default_payment_method ?? null,
    default_tax_rates: taxRatesFor(act, given.default_tax_rates, `${param}[default_tax_rates]`),
    description: given.description ?? null,
    discounts: discountsIn(act, given.discounts, `${param}[discounts]`),
    end_date: end,
    invoice_settings: given.invoice_settings ? billSettingsOf(null, given.invoice_settings) : null,
    items: sold.map(({ metadata, price, quantity, taxRates }, place) => ({
      billing_thresholds: null,
      discounts: discountsIn(act, given.items[place]?.discounts, `${param}[items][${place}][discounts]`),
      metadata,
      plan: price.id,
      price: price.id,
      quantity,
      tax_rates: taxRates ?? [],
    })),
    metadata: mergeMetadata(null, given.metadata),
    on_behalf_of: null,
    proration_behavior: given.proration_behavior ?? "create_prorations",
    start_date: start,
    transfer_data: null,
    trial_end: given.trial ? end : trialEnd,
  };
}

/** What is sold once, when the phase begins. */
function extraOf(act: Act, given: Given, place: number, phase: string): Extra {
  const param = `${phase}[add_invoice_items][${place}]`;
  const extra = given.add_invoice_items?.[place] ?? {};
  const price = priceOf(act, { ...extra, plan: undefined }, param, "one_time");
  if (!price) throw missing(`${param}[price]`);
  const { end, start } = extra.period ?? {};
  return {
    discountable: extra.discountable ?? true,
    discounts: discountsIn(act, extra.discounts, `${param}[discounts]`),
    metadata: mergeMetadata(null, extra.metadata),
    period: { end: end ?? { type: "phase_end" }, start: start ?? { type: "phase_start" } },
    price: price.id,
    quantity: extra.quantity ?? 1,
    tax_rates: taxRatesFor(act, extra.tax_rates, `${param}[tax_rates]`),
  };
}

/** The discounts that a phase will give, as they were named: nothing is redeemed before it begins. */
function discountsIn(act: Act, given: "" | readonly Wanted[] | undefined, param: string): StoredDiscount[] {
  return (given || []).map(({ coupon, discount, promotion_code: code }, place) => {
    const known =
      (coupon && act.store.find("coupon", coupon)) ||
      (discount && act.store.find("discount", discount)) ||
      (code && act.store.find("promotion_code", code));
    if (!known) {
      throw invalid(
        `No such coupon: '${coupon ?? discount ?? code ?? ""}'`,
        `${param}[${place}]`,
        "resource_missing",
      );
    }
    return { coupon: coupon ?? null, discount: discount ?? null, promotion_code: code ?? null };
  });
}

/** Where a phase ends: on its day, after its time, after so many of its price's periods, or after one. */
function endOf(
  act: Act,
  { duration, end_date, iterations = 1 }: Given,
  sold: readonly Sold[],
  start: number,
): number {
  if (end_date !== undefined) return momentOf(act, end_date);
  if (duration) {
    return periodAfter(start, { interval: duration.interval, interval_count: duration.interval_count ?? 1 });
  }
  const [first] = sold;
  if (!first) return start;
  const { interval, interval_count } = rhythmOf(first.price);
  return periodAfter(start, { interval, interval_count: interval_count * iterations });
}

export const momentOf = (act: Act, given: number | "now"): number => (given === "now" ? act.now : given);
