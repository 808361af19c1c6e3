import type { z } from "zod";
import type { Act } from "../act.ts";
import { invalid, missing } from "../api/errors.ts";
import { soldItems } from "../billing/params.ts";
import { periodAfter } from "../billing/period.ts";
import { rhythmOf, type Sold } from "../billing/subscription.ts";
import { mergeMetadata } from "../resources/changes.ts";
import type { Kinds } from "../wire.ts";
import type { phase } from "./params.ts";

export type Schedule = Kinds["subscription_schedule"];
export type Phase = Schedule["phases"][number];
type Given = z.output<ReturnType<typeof phase>>;

/** The phases one after another: each begins where the one before it ends. */
export function phasesFrom(act: Act, given: readonly Given[], start: number): Phase[] {
  let at = start;
  return given.map((one, place) => {
    const param = `phases[${place}]`;
    if (one.items.length === 0) throw missing(`${param}[items]`);
    const sold = soldItems(act, one.items, `${param}[items]`);
    const begins = one.start_date === undefined ? at : momentOf(act, one.start_date);
    if (begins !== at && place > 0)
      throw invalid("Phases must follow each other without gaps.", `${param}[start_date]`);
    const built = buildPhase(act, one, sold, begins);
    if (built.end_date <= begins) {
      throw invalid("The phase's end must be after its start.", `${param}[end_date]`);
    }
    at = built.end_date;
    return built;
  });
}

/** What is sold during a phase. */
export const soldIn = (act: Act, { items }: Phase): Sold[] =>
  items.flatMap(({ metadata, price: id, quantity }) => {
    const price = act.store.find("price", id);
    return price ? [{ price, quantity: quantity ?? 1, metadata: metadata ?? {} }] : [];
  });

function buildPhase(act: Act, given: Given, sold: readonly Sold[], start: number): Phase {
  const trialEnd = given.trial_end === undefined ? null : momentOf(act, given.trial_end);
  const end = endOf(act, given, sold, start);
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: null,
    currency: given.currency ?? sold[0]?.price.currency ?? "usd",
    default_payment_method: given.default_payment_method ?? null,
    default_tax_rates: [],
    description: given.description ?? null,
    discounts: [],
    end_date: end,
    invoice_settings: null,
    items: sold.map(({ metadata, price, quantity }) => ({
      billing_thresholds: null,
      discounts: [],
      metadata,
      plan: price.id,
      price: price.id,
      quantity,
      tax_rates: [],
    })),
    metadata: mergeMetadata(null, given.metadata),
    on_behalf_of: null,
    proration_behavior: given.proration_behavior ?? "create_prorations",
    start_date: start,
    transfer_data: null,
    trial_end: given.trial ? end : trialEnd,
  };
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
