import { lookupKeyOf, type PriceSource } from "#/catalog/price.ts";
import { type Product, USUAL_POLICY } from "#/catalog/product.ts";
import type { Sold } from "#/rules/grants.ts";
import { type Kind, renews } from "#/rules/kinds.ts";

/** What is sold, looked up by key. `Key` is every key there is, as literal types, where they are known. */
export type Catalog<Key extends string = string> = {
  readonly products: readonly Product<Key>[];
  find(key: string): Product<Key> | undefined;
};

export function catalogOf<const Key extends string>(products: readonly Product<Key>[]): Catalog<Key> {
  const byKey = new Map<string, Product<Key>>(products.map((product) => [product.key, product]));
  return { products, find: (key) => byKey.get(key) };
}

/** What one order has granted so far: kinds by product key. */
export type Granted = ReadonlyMap<string, Kind>;

export const NOTHING_GRANTED: Granted = new Map();

/**
 * What the catalog says of a product now, as far as access depends on it; undefined when it left the catalog. What the order has granted
 * before that must still end one day, so such a product stays what it was, with the usual policy of its kind: its own left with it.
 */
export function soldAs(catalog: Catalog, productKey: string, granted: Granted): Sold | undefined {
  const product = catalog.find(productKey);
  if (product) return { productKey, kind: product.kind, policy: product.policy };
  const kind = granted.get(productKey);
  return kind && { productKey, kind, policy: USUAL_POLICY[kind] };
}

/** One price of one product, as the catalog names it. */
export type CatalogPrice = {
  product: Product;
  name: string;
  source: PriceSource;
  /** What it is found by at Stripe; undefined where its id is known as it stands. */
  lookupKey: string | undefined;
};

/** Every price of the catalog; of each product the one it is sold under where none is named comes first. */
export function pricesIn({ products }: Pick<Catalog, "products">): CatalogPrice[] {
  return products.flatMap((product) =>
    Object.entries(product.prices).map(([name, source]) => ({
      product,
      name,
      source,
      lookupKey: lookupKeyOf(product.key, name, source),
    })),
  );
}

/** The name of the price a product is sold under where none is named. */
export function firstPrice(product: Product): string {
  return Object.keys(product.prices)[0] ?? "";
}

/**
 * The plans by the ids of the prices they are, or ever were, sold under, to understand what a subscription was changed to.
 * `soldUnder` is what the database knows of that: product keys by price id.
 */
export function plansByPrice(
  catalog: Catalog,
  soldUnder: Readonly<Record<string, string>>,
  granted: Granted,
): Record<string, Sold> {
  const named = pricesIn(catalog).flatMap(({ product, source }): [string, string][] =>
    typeof source === "string" ? [[source, product.key]] : [],
  );
  return Object.fromEntries(
    [...Object.entries(soldUnder), ...named].flatMap(([id, key]) => {
      const sold = soldAs(catalog, key, granted);
      return sold && renews(sold) ? [[id, sold]] : [];
    }),
  );
}
