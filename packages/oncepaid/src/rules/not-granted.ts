import type { Grant, GrantReason, OrderedItem } from "#/rules/grants.ts";
import { isDated, renews } from "#/rules/kinds.ts";

/** Why an order gives no access to something it is for. Pure. */

/** One product of an order that can't be used by it, and why. */
export type NotGranted = { productKey: string; why: WhyNot };

/** It was never granted, or the grant has ended or rests. */
export type WhyNot = NeverGranted | GrantReason;

export type NeverGranted =
  /** Nobody has paid; a delayed payment may be on its way. */
  | "not_paid"
  /** A delayed payment did not arrive; the cart may be tried again. */
  | "payment_failed"
  /** Nobody paid in time; the cart may be tried again. */
  | "payment_expired"
  /** What was paid was given back before anything could be granted. */
  | "given_back"
  /** It is paid, and the catalog doesn't have the product any more. */
  | "not_in_catalog"
  /** It is paid, and the buyer has this plan through another order. */
  | "has_plan_already"
  /** It is paid, and when the payment came no spot was left. */
  | "no_spot_left"
  /** It is paid, and another product of the order can't be granted: an order is granted whole or not at all. */
  | "other_item";

/** What keeps a whole order from being granted, from what is found first. */
export type Obstacle = {
  /** Set while it isn't paid. */
  unpaid: "not_paid" | "payment_failed" | "payment_expired" | "given_back" | null;
  hasPlan: boolean;
  refused: boolean;
};

export function notGranted(
  items: readonly OrderedItem[],
  grants: readonly Grant[] | null,
  obstacle: Obstacle,
): NotGranted[] {
  if (grants === null)
    return items.map((item) => ({ productKey: item.productKey, why: neverGranted(item, obstacle) }));
  return grants.flatMap(({ productKey, state, reason }) =>
    state === "active" || reason === null ? [] : [{ productKey, why: reason }],
  );
}

function neverGranted({ sold }: OrderedItem, { unpaid, hasPlan, refused }: Obstacle): NeverGranted {
  if (unpaid) return unpaid;
  if (!sold) return "not_in_catalog";
  if (hasPlan && renews(sold)) return "has_plan_already";
  if (refused && isDated(sold)) return "no_spot_left";
  return "other_item";
}
