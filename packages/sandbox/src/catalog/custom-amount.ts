import type { z } from "zod";
import { invalid } from "../api/errors.ts";
import { amount, boolean, hash } from "../api/params.ts";
import { formatMoney, minimumOf } from "../money.ts";
import type { Kinds } from "../wire.ts";

type CustomAmount = NonNullable<Kinds["price"]["custom_unit_amount"]>;

/** `custom_unit_amount` of a price: the buyer decides what to pay. */
export const customUnitAmount = () =>
  hash({
    enabled: boolean(),
    maximum: amount().optional(),
    minimum: amount().optional(),
    preset: amount().optional(),
  });

type Given = z.output<ReturnType<typeof customUnitAmount>>;

/** Between which amounts the buyer may decide, and what stands there first; or what is wrong with them. */
export function readCustomAmount(given: Given, currency: string, param = "custom_unit_amount"): CustomAmount {
  const { enabled, maximum = null, minimum = null, preset = null } = given;
  if (!enabled) throw invalid("Pass `true` to enable `custom_unit_amount`, or omit it.", `${param}[enabled]`);
  const least = minimumOf(currency);
  for (const [name, value] of Object.entries({ maximum, minimum, preset })) {
    if (value === null || value >= least) continue;
    const problem = `This has to be at least the minimum charge amount, ${formatMoney(least, currency)} ${currency}.`;
    throw invalid(problem, `${param}[${name}]`, "amount_too_small");
  }
  if (maximum !== null && minimum !== null && maximum < minimum) {
    throw invalid("`maximum` has to be at least `minimum`.", `${param}[maximum]`);
  }
  if (preset !== null && (preset < (minimum ?? 0) || preset > (maximum ?? preset))) {
    throw invalid("`preset` has to be between `minimum` and `maximum`.", `${param}[preset]`);
  }
  return { maximum, minimum, preset };
}
