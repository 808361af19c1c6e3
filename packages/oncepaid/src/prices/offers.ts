import { products } from "oncepaid-shop/catalog/products.ts";
import { config } from "oncepaid-shop/config.ts";
import type { Product } from "#/catalog/product.ts";
import { log } from "#/log.ts";
import { type Price, retrievePrice } from "#/stripe/prices.ts";

/** A product as it is offered right now. Without a price it can be shown, but its amount only at checkout. */
export type Offer = { product: Product; price: Price | undefined };

/** Milliseconds a price is shown before it is read again; what the buyer pays is always Stripe's own. */
const FRESH = 5 * 60_000;
/** After Stripe couldn't be asked, how soon it is asked again. */
const RETRY = 5_000;

type Known = Map<string, { price: Price | undefined; askAgainAt: number }>;

/** Next bundles the pages with a copy of this module; the API has to know what they have shown. */
const shared: typeof globalThis & { oncepaidPrices?: Known } = globalThis;
shared.oncepaidPrices ??= new Map();
const prices = shared.oncepaidPrices;

/**
 * What is for sale, each in the buyer's currency where its price has an amount in it, else in the price's own. A product
 * whose price isn't configured is left out; an outage of Stripe hides amounts only.
 */
export async function offers(currency?: string): Promise<Offer[]> {
  const configured = products.flatMap((product) => {
    const priceId = config().stripe.prices[product.priceVariable];
    return priceId === undefined ? [] : [{ product, priceId }];
  });
  return Promise.all(
    configured.map(async ({ product, priceId }) => {
      const price = await currentPrice(priceId);
      return { product, price: price && presented(price, currency) };
    }),
  );
}

/**
 * The buyer's currency, if every price is known to have an amount in it; else Stripe asks for the prices' own. Answers
 * from what the pages have shown, without a call.
 */
export function commonCurrency(
  priceIds: readonly (string | undefined)[],
  currency: string | undefined,
): string | undefined {
  if (currency === undefined) return undefined;
  const all = priceIds.every((id) => prices.get(id ?? "")?.price?.amounts[currency] !== undefined);
  return all ? currency : undefined;
}

function presented(price: Price, currency: string | undefined): Price {
  const unitAmount = currency === undefined ? undefined : price.amounts[currency];
  return currency === undefined || unitAmount === undefined ? price : { ...price, unitAmount, currency };
}

async function currentPrice(id: string): Promise<Price | undefined> {
  const known = prices.get(id);
  if (known && known.askAgainAt > Date.now()) return known.price;
  try {
    const price = await retrievePrice(id);
    prices.set(id, { price, askAgainAt: Date.now() + FRESH });
    return price;
  } catch (error) {
    log().warn({ price: id, err: error }, "price not read");
    prices.set(id, { price: known?.price, askAgainAt: Date.now() + RETRY });
    return known?.price;
  }
}
