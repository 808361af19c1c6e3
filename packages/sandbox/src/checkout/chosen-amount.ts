import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { priceIn } from "../catalog/currencies.ts";
import { chargeableUnit, minimumOf } from "../money.ts";
import type { Store } from "../store.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { contentsOf, linesOf } from "./contents.ts";
import { reprice } from "./totals.ts";

type Session = Kinds["checkout.session"];

/** The most a card can be charged: eight digits (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const MOST = 99_999_999;

/** Why an amount can't be paid, and the amount that it has to reach or keep under. */
export type AmountRefusal = { why: "least" | "most" | "unit"; bound: number };

/** The line whose price the buyer decides. It is alone in its order. */
export const chosenLine = (lines: readonly LineItem[]): LineItem | undefined =>
  lines.find(({ price }) => price?.custom_unit_amount);

/** What Stripe says of such prices: alone, one of it, nothing off, nothing beside (docs.stripe.com/payments/checkout/pay-what-you-want). */
export function checkChosenLine(
  lines: readonly LineItem[],
  given: { allow_promotion_codes?: unknown; discounts?: unknown; optional_items?: unknown },
): void {
  const line = chosenLine(lines);
  if (!line) return;
  if (lines.length > 1) {
    throw invalid("A price with `custom_unit_amount` has to be the only line item.", "line_items");
  }
  if (line.quantity !== 1 || line.adjustable_quantity?.enabled) {
    const problem = "The quantity of a price with `custom_unit_amount` has to be 1.";
    throw invalid(problem, "line_items[0][quantity]");
  }
  for (const name of ["allow_promotion_codes", "discounts", "optional_items"] as const) {
    if (!given[name]) continue;
    throw invalid(`You can not pass \`${name}\` with a price that has \`custom_unit_amount\`.`, name);
  }
}

/** Whether the buyer still has to say what they pay. */
export const lacksAmount = (store: Store, session: Session): boolean =>
  session.mode === "payment" && chosenLine(linesOf(store, session.id))?.amount_subtotal === 0;

/** Between which amounts the buyer may decide, and which of them the shop has set. */
export function boundsOf(store: Store, line: LineItem) {
  const custom = line.price && priceIn(store, line.price, line.currency).custom_unit_amount;
  const { maximum = null, minimum = null } = custom ?? {};
  return { maximum, minimum, least: minimum ?? minimumOf(line.currency), most: maximum ?? MOST };
}

/** The buyer says what they pay for the one thing that is sold. */
export function chooseAmount(
  act: Act,
  session: Session,
  amount: number,
): { ok: true; session: Session } | { ok: false; refusal: AmountRefusal } {
  const contents = contentsOf(act.store, session.id);
  const line = chosenLine(contents.lines);
  if (!line) return { ok: true, session };
  const { least, most } = boundsOf(act.store, line);
  if (amount < least) return { ok: false, refusal: { why: "least", bound: least } };
  if (amount > most) return { ok: false, refusal: { why: "most", bound: most } };
  const unit = chargeableUnit(line.currency);
  if (amount % unit !== 0) return { ok: false, refusal: { why: "unit", bound: unit } };
  const lines = contents.lines.map((one) => (one === line ? { ...one, amount_subtotal: amount } : one));
  return { ok: true, session: reprice(act, session, { ...contents, lines }) };
}
