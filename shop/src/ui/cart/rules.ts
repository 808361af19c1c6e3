import { KINDS, type Kind } from "#/ui/kinds/traits.ts";

/** One product in the cart: `price` says which of its prices, where it has several, and `slotId` which date, where it is sold by date. */
export type CartLine = {
  productKey: string;
  kind: Kind;
  quantity: number;
  price?: string | undefined;
  slotId?: string | undefined;
};

/** Why a product can't come into a cart beside what is in it already. */
export type CartConflict = "second_plan" | "second_booking" | "plan_and_booking";

/** As many as a checkout takes (`checkout/request.ts`). */
export const MAX_LINES = 20;

/**
 * A plan is paid by subscription and a booking at once, each with a payment of its own: a cart holds at most one of
 * either. The server says the same; here it is said before anybody goes to pay.
 */
export function conflictOf(
  lines: readonly CartLine[],
  added: Omit<CartLine, "quantity">,
): CartConflict | undefined {
  const others = lines.filter(({ productKey }) => productKey !== added.productKey);
  if (!KINDS[added.kind].alone) return undefined;
  if (others.some(({ kind }) => kind === added.kind)) {
    return added.kind === "plan" ? "second_plan" : "second_booking";
  }
  return others.some(({ kind }) => KINDS[kind].alone) ? "plan_and_booking" : undefined;
}
