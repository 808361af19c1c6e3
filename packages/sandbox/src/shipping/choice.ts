import type { z } from "zod";
import type { Act } from "../act.ts";
import { invalid, missing } from "../api/errors.ts";
import { hash, text } from "../api/params.ts";
import { buildRate, costIn, rateAt, rateData, type ShippingRate } from "./rate.ts";

/** A way to ship: one that is there, by its id, or one that is made in passing. */
export const rateChoice = () =>
  hash({ shipping_rate: text().optional(), shipping_rate_data: hash(rateData).optional() });

/** The rate that was named, or one that is made for this. It must have a price in the currency of what it is for. */
export function chosenRate(
  act: Act,
  { shipping_rate: id, shipping_rate_data: data }: z.output<ReturnType<typeof rateChoice>>,
  { currency, of, param }: { currency: string | null; of: string; param: string },
): ShippingRate {
  if (id && data) {
    const problem = "You may only specify one of these parameters: shipping_rate, shipping_rate_data.";
    throw invalid(problem, `${param}[shipping_rate]`);
  }
  if (!id && !data) throw missing(`${param}[shipping_rate]`);
  const rate = data
    ? buildRate(act, data, currency ?? "usd")
    : rateAt(act, id ?? "", `${param}[shipping_rate]`);
  if (costIn(rate, currency) === null) {
    const place = data ? "[shipping_rate_data][fixed_amount][currency]" : "[shipping_rate]";
    throw invalid(`The shipping rate must be in the currency of the ${of}.`, `${param}${place}`);
  }
  return data ? act.create(rate) : rate;
}
