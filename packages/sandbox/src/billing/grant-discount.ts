import type { Act } from "../act.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { hash, list, text } from "../api/params.ts";
import { isActive, isValid, newDiscount, redeem } from "../catalog/discount.ts";
import type { Kinds } from "../wire.ts";

/** `discounts[]` of subscriptions, invoices and invoice items. */
export const discountParams = () =>
  list(
    hash({
      coupon: text().optional(),
      discount: text().optional(),
      promotion_code: text().optional(),
    }),
    { max: 20 },
  );

export interface Wanted {
  coupon?: string | undefined;
  discount?: string | undefined;
  promotion_code?: string | undefined;
}

/** The ids of the discounts that were asked for; a coupon or a promotion code becomes a discount of its own. */
export function grantDiscounts(
  act: Act,
  wanted: readonly Wanted[],
  customer: string,
  { at = "discounts", subscription }: { at?: string; subscription?: string } = {},
): string[] {
  return wanted.map((one, index) => {
    const param = `${at}[${index}]`;
    if (one.discount) return knownDiscount(act, one.discount, param);
    const discount = redeem(act, {
      ...wantedCoupon(act, one, param),
      customer,
      subscription: subscription ?? null,
    });
    act.emit("customer.discount.created", discount);
    return discount.id;
  });
}

/** Set on a discount that was offered, and is redeemed when the offer is accepted. */
const OFFERED = "offered";

/** The ids of discounts that are offered: they can be computed with, and no coupon is used by them. */
export function offerDiscounts(
  act: Act,
  wanted: readonly Wanted[],
  customer: string | null,
  at: string,
): string[] {
  return wanted.map((one, index) => {
    const param = `${at}[${index}]`;
    if (one.discount) return knownDiscount(act, one.discount, param);
    const { id } = newDiscount(act, { ...wantedCoupon(act, one, param), customer });
    act.store.setNote(id, OFFERED, "");
    return id;
  });
}

/** What discounts that were offered are called where they are asked for again. */
export const offeredNames = (act: Act, ids: readonly string[]): Wanted[] =>
  ids.flatMap((id): Wanted[] => {
    const discount = act.store.find("discount", id);
    if (!discount) return [];
    if (act.store.note(id, OFFERED) === undefined) return [{ discount: id }];
    const { promotion_code: code, source } = discount;
    return [code ? { promotion_code: code } : { coupon: source.coupon ?? undefined }];
  });

/** Redeems what was offered; a discount that was there before goes on. */
export const redeemOffered = (act: Act, ids: readonly string[], customer: string): string[] =>
  grantDiscounts(act, offeredNames(act, ids), customer);

function knownDiscount(act: Act, id: string, param: string): string {
  if (!act.store.find("discount", id)) throw noSuch("discount", id, `${param}[discount]`);
  return id;
}

function wantedCoupon(act: Act, one: Wanted, param: string) {
  const code = one.promotion_code ? promotionCode(act, one.promotion_code, param) : null;
  const id = code?.promotion.coupon ?? one.coupon ?? "";
  const coupon = act.store.find("coupon", id);
  if (!coupon) throw noSuch("coupon", id, `${param}[coupon]`);
  if (!isValid(coupon, act.now)) {
    throw invalid(`Coupon expired: ${id}`, `${param}[coupon]`, "coupon_expired");
  }
  return { coupon, promotionCode: code };
}

function promotionCode(act: Act, id: string, param: string): Kinds["promotion_code"] {
  const code = act.store.find("promotion_code", id);
  if (!code) throw noSuch("promotion code", id, `${param}[promotion_code]`);
  if (!isActive(code, act.now))
    throw invalid("This promotion code is not active.", `${param}[promotion_code]`);
  return code;
}
