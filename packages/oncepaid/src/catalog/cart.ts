/**
 * A line of a cart, or of an order: how many of which product, at which price. `price` is its name in the catalog, `stripePriceId`
 * its id at Stripe; both are null in orders that are older than these fields.
 */
export type Line = {
  productKey: string;
  quantity: number;
  price: string | null;
  stripePriceId: string | null;
};

/**
 * Whether two carts hold the same at the same prices, in whatever order their lines stand. A product stands in a cart once. A
 * price that isn't known is taken for the same. Pure.
 */
export function sameLines(some: readonly Line[], others: readonly Line[]): boolean {
  return some.length === others.length && some.every((one) => others.some((other) => sameLine(one, other)));
}

function sameLine(one: Line, other: Line): boolean {
  const samePrice =
    one.stripePriceId === null || other.stripePriceId === null || one.stripePriceId === other.stripePriceId;
  return one.productKey === other.productKey && one.quantity === other.quantity && samePrice;
}
