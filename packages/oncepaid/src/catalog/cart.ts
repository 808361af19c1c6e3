/** A line of a cart, or of an order: how many of which product. */
export type Line = { productKey: string; quantity: number };

/** Whether two carts hold the same, in whatever order their lines stand. A product stands in a cart once. Pure. */
export function sameLines(some: readonly Line[], others: readonly Line[]): boolean {
  return (
    some.length === others.length &&
    some.every((one) =>
      others.some(({ productKey, quantity }) => productKey === one.productKey && quantity === one.quantity),
    )
  );
}
