import type { Act } from "../act.ts";
import { longId } from "../ids.ts";
import type { Kinds } from "../wire.ts";
import { periodAfter } from "./period.ts";

type Coupon = Kinds["coupon"];
type Discount = Kinds["discount"];
type PromotionCode = Kinds["promotion_code"];

/** What a coupon may take something off from. */
export interface Priced {
  amount: number;
  product: string | null;
}

/**
 * What a coupon takes off each line, in the currency's smallest unit. A percentage is rounded line by line; a fixed
 * amount is spread over the lines it applies to, and never takes more than they cost.
 */
export function takenOff(coupon: Coupon, currency: string, lines: readonly Priced[]): number[] {
  const bases = lines.map((line) => (appliesTo(coupon, line.product) ? Math.max(0, line.amount) : 0));
  const { percent_off: percent } = coupon;
  if (percent !== null) return bases.map((base) => Math.round((base * percent) / 100));
  return spread(amountOff(coupon, currency) ?? 0, bases);
}

/** Shares an amount among lines by what each costs: nothing is lost to rounding, and no line gives more than it has. */
export function spread(amount: number, bases: readonly number[]): number[] {
  const whole = bases.reduce((sum, base) => sum + base, 0);
  const off = Math.min(amount, whole);
  let passed = 0;
  return bases.map((base) => {
    const before = whole === 0 ? 0 : Math.floor((off * passed) / whole);
    passed += base;
    return (whole === 0 ? 0 : Math.floor((off * passed) / whole)) - before;
  });
}

/** A fixed amount in this currency; null where the coupon has none in it. */
export function amountOff(coupon: Coupon, currency: string): number | null {
  if (coupon.currency === currency) return coupon.amount_off;
  return coupon.currency_options?.[currency]?.amount_off ?? null;
}

/** Whether it can still be redeemed. */
export function isValid(coupon: Coupon, now: number): boolean {
  if (coupon.redeem_by !== null && coupon.redeem_by <= now) return false;
  return coupon.max_redemptions === null || coupon.times_redeemed < coupon.max_redemptions;
}

export function isActive(code: PromotionCode, now: number): boolean {
  if (!code.active || (code.expires_at !== null && code.expires_at <= now)) return false;
  return code.max_redemptions === null || code.times_redeemed < code.max_redemptions;
}

export interface Redemption {
  coupon: Coupon;
  promotionCode?: PromotionCode | null;
  customer?: string | null;
  session?: string | null;
  subscription?: string | null;
}

/** The coupon as it was when it was redeemed, kept beside its discount. */
export const REDEEMED = "redeemed";

/** Uses a coupon once: it is counted, and the discount says what it is for. Tells nobody. */
export function redeem(act: Act, given: Redemption): Discount {
  count(act, given.coupon, given.promotionCode ?? null);
  return newDiscount(act, given);
}

/** A discount that nothing is counted for: it is only offered. */
export function newDiscount(act: Act, given: Redemption): Discount {
  const { coupon, promotionCode } = given;
  const discount = act.create<Discount>({
    id: longId("di"),
    object: "discount",
    checkout_session: given.session ?? null,
    customer: given.customer ?? null,
    customer_account: null,
    end: endOf(coupon, act.now),
    invoice: null,
    invoice_item: null,
    promotion_code: promotionCode?.id ?? null,
    source: { coupon: coupon.id, type: "coupon" },
    start: act.now,
    subscription: given.subscription ?? null,
    subscription_item: null,
  });
  act.store.setNote(discount.id, REDEEMED, JSON.stringify(coupon));
  return discount;
}

/** Counts a use of a coupon, and closes it when that was the last. */
export function count(act: Act, coupon: Coupon, promotionCode: PromotionCode | null): void {
  const used = { ...coupon, times_redeemed: coupon.times_redeemed + 1 };
  act.store.update({ ...used, valid: isValid(used, act.now) });
  if (!promotionCode) return;
  const spent = { ...promotionCode, times_redeemed: promotionCode.times_redeemed + 1 };
  act.store.update({ ...spent, active: isActive(spent, act.now) });
}

/** Until when it takes something off: `repeating` ends after its months, the others don't end by themselves. */
function endOf(coupon: Coupon, start: number): number | null {
  if (coupon.duration !== "repeating" || coupon.duration_in_months === null) return null;
  return periodAfter(start, { interval: "month", interval_count: coupon.duration_in_months });
}

function appliesTo(coupon: Coupon, product: string | null): boolean {
  const only = coupon.applies_to?.products;
  return only === undefined || (product !== null && only.includes(product));
}
