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
};

export type PriceVariable = "STRIPE_PRICE_EBOOK" | "STRIPE_PRICE_PRO" | "STRIPE_PRICE_WORKSHOP";

export const products: readonly Product[] = [
  { key: "ebook", kind: "download", priceVariable: "STRIPE_PRICE_EBOOK", maxQuantity: 10 },
  { key: "pro", kind: "plan", priceVariable: "STRIPE_PRICE_PRO", maxQuantity: 500 },
  { key: "workshop", kind: "booking", priceVariable: "STRIPE_PRICE_WORKSHOP", maxQuantity: 10 },
];

export function findProduct(key: string): Product | undefined {
  return products.find((product) => product.key === key);
}
