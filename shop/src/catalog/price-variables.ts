import type { Product } from "oncepaid";

/** The variables that name prices at Stripe: `STRIPE_PRICE_PRO` the first price of “pro”, `STRIPE_PRICE_PRO_YEAR` its price “year”. */
export type PriceVariable = `STRIPE_PRICE_${string}`;

export function priceVariable(product: Product, price: string): PriceVariable {
  const isFirst = Object.keys(product.prices)[0] === price;
  const name = isFirst ? product.key : `${product.key}_${price}`;
  return `STRIPE_PRICE_${name.replaceAll("-", "_").toUpperCase()}`;
}

/** Every variable there is for these products. */
export function priceVariables(products: readonly Product[]): PriceVariable[] {
  return products.flatMap((product) =>
    Object.keys(product.prices).map((price) => priceVariable(product, price)),
  );
}

/** The products, with the prices that variables name in the place of what the catalog says. */
export function withPrices<Sold extends Product>(
  products: readonly Sold[],
  ids: Readonly<Partial<Record<PriceVariable, string>>>,
): Sold[] {
  return products.map((product) => ({
    ...product,
    prices: Object.fromEntries(
      Object.entries(product.prices).map(([name, source]) => [
        name,
        ids[priceVariable(product, name)] ?? source,
      ]),
    ),
  }));
}

/** The lookup keys that versions before 0.2 gave to the prices of the sandbox, by product. */
export function formerLookupKeys(products: readonly Product[]): Record<string, string> {
  return Object.fromEntries(
    products.map((product) => {
      const [first = ""] = Object.keys(product.prices);
      return [product.key, priceVariable(product, first).toLowerCase()];
    }),
  );
}
