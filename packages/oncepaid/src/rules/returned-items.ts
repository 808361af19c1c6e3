import type { Facts } from "#/rules/facts.ts";

/** Which lines of an order were given back, where a refund says it: one of three places, one of two products. Pure. */

/** The key in a refund's metadata, and how it says so: `workshop:1,ebook:2`. Stripe allows 500 characters. */
export const RETURNED_ITEMS = "items";

export type ReturnedItem = { productKey: string; quantity: number };

export function writeReturnedItems(items: readonly ReturnedItem[]): string {
  return items
    .map(({ productKey, quantity }) => `${productKey}:${quantity}`)
    .sort()
    .join(",");
}

/** What isn't understood says nothing: the refund is then a part of the whole order. */
export function readReturnedItems(text: string | undefined): ReturnedItem[] {
  return (text ?? "").split(",").flatMap((line) => {
    const [, productKey = "", quantity = ""] = /^([\w-]+):([1-9]\d{0,8})$/.exec(line.trim()) ?? [];
    return productKey === "" ? [] : [{ productKey, quantity: Number(quantity) }];
  });
}

export type Returned = {
  /** How many of each product, and since when; `at` is unix seconds. */
  items: ReadonlyMap<string, { quantity: number; at: number }>;
  /** What was refunded for them. Minor units. */
  amount: number;
};

/** By all refunds that name their items and haven't failed. */
export function returnedItems({ refunds }: Facts): Returned {
  const items = new Map<string, { quantity: number; at: number }>();
  let amount = 0;
  for (const refund of Object.values(refunds)) {
    const named = refund.failedAt === undefined ? readReturnedItems(refund.items) : [];
    if (named.length > 0) amount += refund.amount ?? 0;
    for (const { productKey, quantity } of named) {
      const before = items.get(productKey) ?? { quantity: 0, at: 0 };
      const at = Math.max(before.at, refund.createdAt ?? 0);
      items.set(productKey, { quantity: before.quantity + quantity, at });
    }
  }
  return { items, amount };
}
