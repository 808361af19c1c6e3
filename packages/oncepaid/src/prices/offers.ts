import { firstPrice } from "#/catalog/catalog.ts";
import type { Product } from "#/catalog/product.ts";
import type { Engine } from "#/engine.ts";
import { currentPrices } from "#/prices/current.ts";
import { type Price, retrievePrice } from "#/stripe/prices.ts";

/** A product as it is offered right now. Without a price it can be shown, but its amount only at checkout. */
export type Offer<P extends Product = Product> = {
  product: P;
  /** The first one, which it is sold under where none is named. */
  price: Price | undefined;
  /** Every one that is for sale, by its name in the catalog. */
  prices: Readonly<Record<string, Price | undefined>>;
};

/** How it is to be shown. */
export type Showing = {
  /** ISO code in lower case. */
  currency?: string | undefined;
  /** The language of its name and description. */
  locale?: string | undefined;
};

/** How long a price is shown before it is read again; what the buyer pays is always Stripe's own. */
const FRESH_MS = 5 * 60_000;
/** After Stripe couldn't be asked, how soon it is asked again. */
const RETRY_MS = 5_000;

/**
 * Which of the catalog's products are for sale, each in the buyer's currency where its price has an amount in it, else in the price's own. A product
 * whose price Stripe doesn't have is left out; an outage of Stripe hides amounts only.
 */
export async function offers<P extends Product>(
  engine: Engine,
  products: readonly P[],
  { currency, locale }: Showing = {},
): Promise<Offer<P>[]> {
  const current = await currentPrices(engine);
  const offered = await Promise.all(
    products.map(async (product): Promise<Offer<P>[]> => {
      const sold = Object.keys(product.prices).flatMap((name) => {
        const found = current.of(product, name);
        return found.state === "absent" ? [] : [{ name, id: found.state === "found" ? found.id : undefined }];
      });
      if (sold[0]?.name !== firstPrice(product)) return [];
      const prices = await Promise.all(
        sold.map(async ({ name, id }) => {
          const price = id === undefined ? undefined : await shownPrice(engine, id);
          return [name, price && presented(price, currency)] as const;
        }),
      );
      return [
        { product: inLanguage(product, locale), price: prices[0]?.[1], prices: Object.fromEntries(prices) },
      ];
    }),
  );
  return offered.flat();
}

/** The same product, called as it is called in that language. */
function inLanguage<P extends Product>(product: P, locale: string | undefined): P {
  if (locale === undefined) return product;
  const { name = product.name, description = product.description } = product.translations[locale] ?? {};
  return { ...product, name, description };
}

/**
 * The buyer's currency, if every price is known to have an amount in it; else Stripe asks for the prices' own. Answers
 * from what the pages have shown, without a call.
 */
export function commonCurrency(
  { shared }: Engine,
  priceIds: readonly string[],
  currency: string | undefined,
): string | undefined {
  if (currency === undefined) return undefined;
  const all = priceIds.every((id) => shared.prices.get(id)?.price?.amounts[currency] !== undefined);
  return all ? currency : undefined;
}

function presented(price: Price, currency: string | undefined): Price {
  const unitAmount = currency === undefined ? undefined : price.amounts[currency];
  return currency === undefined || unitAmount === undefined ? price : { ...price, unitAmount, currency };
}

async function shownPrice(engine: Engine, id: string): Promise<Price | undefined> {
  const { prices } = engine.shared;
  const known = prices.get(id);
  if (known && known.askAgainAt > Date.now()) return known.price;
  try {
    const price = await retrievePrice(engine.stripe, id);
    prices.set(id, { price, askAgainAt: Date.now() + FRESH_MS });
    return price;
  } catch (error) {
    engine.log.warn({ price: id, err: error }, "price not read");
    prices.set(id, { price: known?.price, askAgainAt: Date.now() + RETRY_MS });
    return known?.price;
  }
}
