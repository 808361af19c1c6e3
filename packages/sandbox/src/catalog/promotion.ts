import type { Act } from "../act.ts";
import { invalid, noSuch } from "../api/errors.ts";
import type { Kinds } from "../wire.ts";
import { amountOff, isActive, isValid } from "./discount.ts";

type Coupon = Kinds["coupon"];
type PromotionCode = Kinds["promotion_code"];

export interface Promotion {
  coupon: Coupon;
  promotionCode: PromotionCode | null;
}

/** What it would be used for. A guest has no customer, and no first time. */
export interface Purchase {
  amount: number;
  currency: string;
  customer: string | null;
}

export type Refusal = "expired" | "first_time" | "invalid" | "minimum" | "other_customer" | "currency";

/** The code that a buyer typed: the one that can be used, where former ones had the same letters. */
export function findCode(act: Act, typed: string): PromotionCode | undefined {
  const same = codesNamed(act, typed);
  return same.find((code) => isUsable(act, code)) ?? same[0];
}

/** The codes of these letters, capitals or not, the newest first. */
export function codesNamed(act: Act, letters: string): PromotionCode[] {
  const like = [{ field: "code", is: "like", value: letters }] as const;
  const { data } = act.store.list("promotion_code", like, { limit: 100 });
  return data.filter(({ code }) => code.toLowerCase() === letters.toLowerCase());
}

/** Whether it is worth anything now: its coupon is there, and neither has ended or is used up. */
export function isUsable(act: Act, code: PromotionCode): boolean {
  const coupon = promotionOfCode(act, code)?.coupon;
  return coupon !== undefined && isValid(coupon, act.now) && isActive(code, act.now);
}

/** Why a promotion can't be used for this purchase, or null. */
export function refusalOf(
  act: Act,
  { coupon, promotionCode }: Promotion,
  purchase: Purchase,
): Refusal | null {
  if (promotionCode && !promotionCode.active) return "invalid";
  if (promotionCode && !isActive(promotionCode, act.now)) return "expired";
  if (!isValid(coupon, act.now)) return "expired";
  if (coupon.percent_off === null && amountOff(coupon, purchase.currency) === null) return "currency";
  if (!promotionCode) return null;
  if (promotionCode.customer !== null && promotionCode.customer !== purchase.customer)
    return "other_customer";
  const {
    first_time_transaction: firstTime,
    minimum_amount,
    minimum_amount_currency,
    currency_options,
  } = promotionCode.restrictions;
  if (firstTime && (purchase.customer === null || hasPaid(act, purchase.customer))) return "first_time";
  const least =
    minimum_amount_currency === purchase.currency
      ? minimum_amount
      : (currency_options?.[purchase.currency]?.minimum_amount ??
        (minimum_amount === null ? null : Infinity));
  return least !== null && purchase.amount < least ? "minimum" : null;
}

/** The API's words. */
export const MESSAGE: Record<Refusal, string> = {
  currency: "This coupon can't be used in this currency.",
  expired: "This coupon or promotion code is expired.",
  first_time:
    "This promotion code cannot be redeemed because the associated customer has prior transactions.",
  invalid: "This promotion code is not active.",
  minimum: "This promotion code cannot be redeemed because the amount is below its minimum.",
  other_customer: "This promotion code belongs to another customer.",
};

/** `discounts[0]`: a coupon or a promotion code, by id; throws where it can't be used. */
export function promotionOf(
  act: Act,
  given: { coupon?: string | undefined; promotion_code?: string | undefined },
  purchase: Purchase,
  param = "discounts[0]",
): Promotion | null {
  if (given.coupon && given.promotion_code) {
    throw invalid("You may only specify one of these parameters: coupon, promotion_code.", param);
  }
  const promotion = lookUp(act, given, param);
  if (!promotion) return null;
  const refusal = refusalOf(act, promotion, purchase);
  if (refusal) {
    const which = `${param}[${promotion.promotionCode ? "promotion_code" : "coupon"}]`;
    throw invalid(MESSAGE[refusal], which, refusal === "expired" ? "coupon_expired" : undefined);
  }
  return promotion;
}

/** The coupon behind a code. A deleted one is no longer to be had. */
export function promotionOfCode(act: Act, code: PromotionCode): Promotion | null {
  const coupon = act.store.find("coupon", code.promotion.coupon ?? "");
  return coupon ? { coupon, promotionCode: code } : null;
}

function lookUp(
  act: Act,
  given: { coupon?: string | undefined; promotion_code?: string | undefined },
  param: string,
): Promotion | null {
  if (given.promotion_code) {
    const code = act.store.find("promotion_code", given.promotion_code);
    const promotion = code && promotionOfCode(act, code);
    if (!promotion) throw noSuch("promotion code", given.promotion_code, `${param}[promotion_code]`);
    return promotion;
  }
  if (!given.coupon) return null;
  const coupon = act.store.find("coupon", given.coupon);
  if (!coupon) throw noSuch("coupon", given.coupon, `${param}[coupon]`);
  return { coupon, promotionCode: null };
}

function hasPaid(act: Act, customer: string): boolean {
  const whose = { field: "customer", is: "=", value: customer } as const;
  const charges = act.store.list("charge", [whose, { field: "paid", is: "=", value: 1 }], { limit: 1 }).data;
  return charges.length > 0 || act.store.list("subscription", [whose], { limit: 1 }).data.length > 0;
}
