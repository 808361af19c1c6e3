import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";
import { redeem } from "./discount.ts";
import { promotionOf } from "./promotion.ts";

type Customer = Kinds["customer"];

/** Gives a customer a coupon, takes the one they had away, or both. `undefined` changes nothing, an empty text clears. */
export function setDiscount(
  act: Act,
  customer: Customer,
  given: { coupon?: string | undefined; promotion_code?: string | undefined },
): Customer {
  if (given.coupon === "" || given.promotion_code === "") return removeDiscount(act, customer);
  const purchase = {
    amount: Number.POSITIVE_INFINITY,
    currency: customer.currency ?? "usd",
    customer: customer.id,
  };
  if (!given.coupon && !given.promotion_code) return customer;
  const promotion = promotionOf(act, given, purchase, "");
  if (!promotion) return customer;
  const discount = redeem(act, { ...promotion, customer: customer.id });
  const old = customer.discount;
  if (old) act.emit("customer.discount.updated", discount, old);
  else act.emit("customer.discount.created", discount);
  return act.change(customer, { discount });
}

export function removeDiscount(act: Act, customer: Customer): Customer {
  const { discount } = customer;
  if (!discount) return customer;
  act.store.delete(discount.id);
  act.emit("customer.discount.deleted", discount);
  return act.change(customer, { discount: null });
}
