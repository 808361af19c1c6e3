import type { Act } from "../act.ts";
import { invalid, noSuch } from "../api/errors.ts";
import { hash, list, text } from "../api/params.ts";
import { isActive, isValid, redeem } from "../catalog/discount.ts";
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
    if (one.discount) {
      if (!act.store.find("discount", one.discount))
        throw noSuch("discount", one.discount, `${param}[discount]`);
      return one.discount;
    }
    const code = one.promotion_code ? promotionCode(act, one.promotion_code, param) : null;
    const id = code?.promotion.coupon ?? one.coupon ?? "";
    const coupon = act.store.find("coupon", id);
    if (!coupon) throw noSuch("coupon", id, `${param}[coupon]`);
    if (!isValid(coupon, act.now)) {
      throw invalid(`Coupon expired: ${id}`, `${param}[coupon]`, "coupon_expired");
    }
    const discount = redeem(act, {
      coupon,
      customer,
      promotionCode: code,
      subscription: subscription ?? null,
    });
    act.emit("customer.discount.created", discount);
    return discount.id;
  });
}

function promotionCode(act: Act, id: string, param: string): Kinds["promotion_code"] {
  const code = act.store.find("promotion_code", id);
  if (!code) throw noSuch("promotion code", id, `${param}[promotion_code]`);
  if (!isActive(code, act.now))
    throw invalid("This promotion code is not active.", `${param}[promotion_code]`);
  return code;
}
