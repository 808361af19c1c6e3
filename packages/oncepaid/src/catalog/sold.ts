import { findProduct, products } from "oncepaid-shop/catalog/products.ts";
import { config } from "oncepaid-shop/config.ts";
import type { Sold } from "#/rules/grants.ts";

/** What the catalog says of a product now, as far as access depends on it; undefined when it left the catalog. */
export function soldAs(productKey: string): Sold | undefined {
  const product = findProduct(productKey);
  return product && { productKey, kind: product.kind, policy: product.policy };
}

/** The plans by the price they are sold under, to understand what a subscription was changed to. */
export function plansByPrice(): Record<string, Sold> {
  return Object.fromEntries(
    products.flatMap(({ key, kind, policy, priceVariable }) => {
      const price = config().stripe.prices[priceVariable];
      return kind === "plan" && price ? [[price, { productKey: key, kind, policy }]] : [];
    }),
  );
}
