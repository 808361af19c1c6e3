import type { Act } from "../act.ts";
import { REDEEMED, takenOff } from "../catalog/discount.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";

type Discount = Kinds["discount"];
type Line = Kinds["invoice"]["lines"]["data"][number];
type Coupon = Kinds["coupon"];

/** A discount with `once` is used up by the first invoice it was on. */
const USED = "used";

export const isUsed = (store: Store, discount: string) => store.note(discount, USED) !== undefined;

export function couponOf(store: Store, discount: Discount): Coupon | undefined {
  // It goes on for those who have it when it is deleted, and when another one takes its id.
  const kept = store.note(discount.id, REDEEMED);
  if (kept !== undefined) return JSON.parse(kept);
  const id = discount.source.coupon ?? "";
  return store.find("coupon", id) ?? store.findDeleted("coupon", id);
}

/** The discounts that still take something off at this moment. */
export const lasting = (act: Act, ids: readonly string[]): Discount[] => lastingIn(act.store, ids, act.now);

/** The ids of those that take something off at a moment. */
export const lastingAt = (store: Store, ids: readonly string[], moment: number): string[] =>
  lastingIn(store, ids, moment).map(({ id }) => id);

function lastingIn(store: Store, ids: readonly string[], moment: number): Discount[] {
  return ids
    .flatMap((id) => store.find("discount", id) ?? [])
    .filter(({ id, end }) => (end === null || end > moment) && !isUsed(store, id));
}

/** The discounts of a bill: those given for it, else the subscription's, else the customer's. */
export function discountsFor(
  act: Act,
  customer: Kinds["customer"],
  subscription: Kinds["subscription"] | null,
  given?: readonly string[],
): string[] {
  if (given) return [...given];
  const own = subscription ? lasting(act, subscription.discounts) : [];
  if (own.length > 0) return own.map(({ id }) => id);
  const { discount } = customer;
  const still =
    discount && (discount.end === null || discount.end > act.now) && !isUsed(act.store, discount.id);
  return still ? [discount.id] : [];
}

/**
 * Takes the discounts off the lines, one after another, and says how much each of them took: first those that a line
 * has of its own, then those of the whole bill.
 */
export function discounted(
  store: Store,
  ids: readonly string[],
  lines: readonly Line[],
): { lines: Line[]; totals: { amount: number; discount: string }[] } {
  let result: Line[] = lines.map((line) => ({ ...line, discount_amounts: [] }));
  const totals: { amount: number; discount: string }[] = [];
  const own = new Set(lines.flatMap((line) => line.discounts));
  for (const id of [...own, ...ids]) {
    const discount = store.find("discount", id);
    const coupon = discount && couponOf(store, discount);
    if (!coupon) continue;
    const isMeant = (line: Line) => !own.has(id) || line.discounts.includes(id);
    const priced = result.map((line) => ({
      amount: line.discountable && isMeant(line) ? leftOf(line) : 0,
      product: line.pricing?.price_details?.product ?? null,
    }));
    const parts = takenOff(coupon, result[0]?.currency ?? "usd", priced);
    result = result.map((line, place) => ({
      ...line,
      discount_amounts: parts[place]
        ? [...(line.discount_amounts ?? []), { amount: parts[place], discount: id }]
        : line.discount_amounts,
    }));
    totals.push({ amount: parts.reduce((sum, part) => sum + part, 0), discount: id });
  }
  const credited = result.map((line) => ({
    ...line,
    pretax_credit_amounts: (line.discount_amounts ?? []).map(asCredit),
  }));
  return { lines: credited, totals };
}

/** The same among the credits that lower an amount before taxes. */
export const asCredit = ({ amount, discount }: { amount: number; discount: string }) => ({
  amount,
  discount,
  type: "discount" as const,
});

/** What a price costs once the discounts are taken off: prorations are made of this. */
export function priceAfter(store: Store, ids: readonly string[], amount: number, product: string): number {
  return ids.reduce((left, id) => {
    const discount = store.find("discount", id);
    const coupon = discount && couponOf(store, discount);
    // A fixed amount is taken off whole bills, not off parts of a period.
    if (!coupon || coupon.percent_off === null) return left;
    return left - (takenOff(coupon, "", [{ amount: left, product }])[0] ?? 0);
  }, amount);
}

/** A bill was sent with these: those that count once are over. */
export function spend(act: Act, { discounts, lines }: Pick<Kinds["invoice"], "discounts" | "lines">): void {
  for (const id of [...discounts, ...lines.data.flatMap((line) => line.discounts)]) {
    const discount = act.store.find("discount", id);
    if (discount && couponOf(act.store, discount)?.duration === "once") act.store.setNote(id, USED, "1");
  }
}

function leftOf(line: Line): number {
  return line.amount - (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
}
