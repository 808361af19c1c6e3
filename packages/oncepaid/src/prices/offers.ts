import type { Product } from "#/catalog/product.ts";
import type { Engine } from "#/engine.ts";
import { currentPrices } from "#/prices/current.ts";
import { type Price, retrievePrice } from "#/stripe/prices.ts";

/** A product as it is offered right now. Without a price it can be shown, but its amount only at checkout. */
export type Offer<P extends Product = Product> = { product: P; price: Price | undefined };

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
  currency?: string,
): Promise<Offer<P>[]> {
  const current = await currentPrices(engine);
  const offered = await Promise.all(
    products.map(async (product): Promise<Offer<P>[]> => {
      const first = current.firstOf(product);
      if (first.state === "absent") return [];
      const price = first.state === "found" ? await shownPrice(engine, first.id) : undefined;
      return [{ product, price: price && presented(price, currency) }];
    }),
  );
  return offered.flat();
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
