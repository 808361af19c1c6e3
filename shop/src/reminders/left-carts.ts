import type { OrderView } from "oncepaid";
import { findProduct, type ShopOncepaid } from "#/catalog/products.ts";

/** The newest of somebody's unpaid orders that are looked at: nobody leaves more carts in the days that count. */
const NEWEST = 50;

/** A cart whose payment page has run out unpaid, as its order shows it. */
export type LeftCart = OrderView & { expiredAt: string };

/**
 * The carts this user has left and may still want: everything in them is for sale, and nothing of it was paid, or is being paid, with
 * another order. Of a person who was erased there is none: their orders are nobody's.
 */
export async function leftCartsOf(oncepaid: ShopOncepaid, userId: string): Promise<LeftCart[]> {
  const [{ orders }, paid, processing] = await Promise.all([
    oncepaid.orders({ userId, status: "CANCELED", limit: NEWEST }),
    oncepaid.paidOrders(userId),
    oncepaid.processingOrders(userId),
  ]);
  const bought = new Set(
    [...paid, ...processing].flatMap(({ items }) => items.map(({ productKey }) => productKey)),
  );
  return orders.filter(
    (order): order is LeftCart =>
      order.expiredAt !== null &&
      order.items.every(({ productKey }) => findProduct(productKey) !== undefined && !bought.has(productKey)),
  );
}
