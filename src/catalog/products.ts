import type { Policy } from "#/fulfilment/grant.ts";

/**
 * What is sold. The browser names a product by its key; prices come from Stripe by id, so an amount never
 * travels through the browser. Edit this list to sell something else.
 */
export type ProductKind = "download" | "plan" | "booking";

export type Product = {
  /** Stable name used in URLs, metadata and the database. */
  key: string;
  kind: ProductKind;
  /** Environment variable that carries the Stripe Price id (`price_…`). */
  priceVariable: PriceVariable;
  /** Highest quantity one order may hold. */
  maxQuantity: number;
  /** What a refund, a dispute and a failed renewal do to the access it gives. */
  policy: Policy;
};

export type PriceVariable = "STRIPE_PRICE_EBOOK" | "STRIPE_PRICE_PRO" | "STRIPE_PRICE_WORKSHOP";

const DAY_SECONDS = 24 * 60 * 60;
/** Sold once: all the money back ends it, a part of it doesn't, a dispute interrupts it. */
const SOLD_ONCE: Policy = { onRefund: "end", onPartialRefund: "keep", onDispute: "suspend", gracePeriod: 0 };
/** Renews: a refund gives one payment back and the plan goes on; a failed renewal leaves a week to set it right. */
const RENEWS: Policy = {
  onRefund: "keep",
  onPartialRefund: "keep",
  onDispute: "suspend",
  gracePeriod: 7 * DAY_SECONDS,
};

export const products: readonly Product[] = [
  { key: "ebook", kind: "download", priceVariable: "STRIPE_PRICE_EBOOK", maxQuantity: 10, policy: SOLD_ONCE },
  { key: "pro", kind: "plan", priceVariable: "STRIPE_PRICE_PRO", maxQuantity: 500, policy: RENEWS },
  {
    key: "workshop",
    kind: "booking",
    priceVariable: "STRIPE_PRICE_WORKSHOP",
    maxQuantity: 10,
    policy: SOLD_ONCE,
  },
];

export function findProduct(key: string): Product | undefined {
  return products.find((product) => product.key === key);
}
