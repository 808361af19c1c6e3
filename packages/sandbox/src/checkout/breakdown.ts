import type { Act } from "../act.ts";
import { merged } from "../tax/compute.ts";
import type { Kinds } from "../wire.ts";
import { contentsOf } from "./contents.ts";
import { toldTax } from "./tax.ts";

type Details = NonNullable<Kinds["checkout.session"]["total_details"]>;

/** `total_details.breakdown`: each discount and each tax rate, over all lines and shipping. */
export function breakdownOf({ store }: Pick<Act, "store">, id: string): Details["breakdown"] {
  const session = store.find("checkout.session", id);
  if (!session?.total_details) return undefined;
  const { promotion, taxes } = contentsOf(store, id);
  const all = [...Object.values(taxes?.lines ?? {}).flat(), ...(taxes?.shipping ?? [])];
  const discount = promotion && {
    id: `di_1${id.slice(-23)}`,
    object: "discount" as const,
    checkout_session: id,
    customer: session.customer,
    customer_account: null,
    end: null,
    invoice: null,
    invoice_item: null,
    promotion_code: promotion.code,
    source: { coupon: promotion.coupon, type: "coupon" as const },
    start: session.created,
    subscription: null,
    subscription_item: null,
  };
  return {
    discounts: discount ? [{ amount: session.total_details.amount_discount, discount }] : [],
    taxes: merged(all).map(toldTax),
  };
}
