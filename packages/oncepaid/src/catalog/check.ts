import { type Amount, type Interval, isAmount, type PriceSource } from "#/catalog/price.ts";
import type { Product } from "#/catalog/product.ts";
import { renews } from "#/rules/kinds.ts";

/** What a seller has mistyped, said before anybody buys it: throws a TypeError that names the product and what to write instead. */

const INTERVALS: ReadonlySet<string> = new Set<Interval>(["day", "week", "month", "year"]);
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

export function checkProducts(products: readonly Product[]): void {
  const keys = new Set<string>();
  for (const product of products) {
    if (keys.has(product.key)) {
      throw new TypeError(`${product.key}: two products have this key; give each one of its own.`);
    }
    keys.add(product.key);
    for (const [name, source] of Object.entries(product.prices)) checkPrice(product, name, source);
  }
}

/** Without the environment an app has no id of a price yet: that is asked for when it is needed. */
function checkPrice(product: Product, name: string, source: PriceSource | undefined): void {
  if (typeof source !== "object" || !isAmount(source)) return;
  const where = `${product.key}: the price "${name}"`;
  for (const [currency, amount] of amountsOf(source)) checkAmount(where, currency, amount);
  if (renews(product) && !INTERVALS.has(source.interval ?? "")) {
    throw new TypeError(
      `${where} of a plan needs interval: "day", "week", "month" or "year", not ${JSON.stringify(source.interval)}.`,
    );
  }
}

function amountsOf({ currency, amount, amounts = {} }: Amount): [string, number][] {
  return [[currency, amount], ...Object.entries(amounts)];
}

function checkAmount(where: string, currency: string, amount: number): void {
  if (!(Number.isSafeInteger(amount) && amount >= 0)) {
    throw new TypeError(
      `${where} is a whole number of minor units, at least 0, not ${amount}: 1900 is 19.00 USD.`,
    );
  }
  if (!CURRENCIES.has(String(currency).toUpperCase())) {
    throw new TypeError(`${where} needs an ISO code as its currency, for example "usd", not "${currency}".`);
  }
}
