import type { Product } from "#/catalog/product.ts";
import type { Sold } from "#/rules/grants.ts";

/** What is sold, looked up by key. */
export type Catalog = {
  readonly products: readonly Product[];
  find(key: string): Product | undefined;
};

export function catalogOf(products: readonly Product[]): Catalog {
  const byKey = new Map(products.map((product) => [product.key, product]));
  return { products, find: (key) => byKey.get(key) };
}

/** What the catalog says of a product now, as far as access depends on it; undefined when it left the catalog. */
export function soldAs(catalog: Catalog, productKey: string): Sold | undefined {
  const product = catalog.find(productKey);
  return product && { productKey, kind: product.kind, policy: product.policy };
}

/** The plans by the price they are sold under, to understand what a subscription was changed to. */
export function plansByPrice(
  { products }: Catalog,
  prices: Readonly<Record<string, string | undefined>>,
): Record<string, Sold> {
  return Object.fromEntries(
    products.flatMap(({ key, kind, policy, priceVariable }) => {
      const price = prices[priceVariable];
      return kind === "plan" && price ? [[price, { productKey: key, kind, policy }]] : [];
    }),
  );
}
