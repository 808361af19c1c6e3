import type { Product } from "#/catalog/product.ts";
import { products } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { log } from "#/log.ts";
import { type Price, retrievePrice } from "#/stripe/prices.ts";

/** A product as it is offered right now. Without a price it can be shown, but its amount only at checkout. */
export type Offer = { product: Product; price: Price | undefined };

/** Milliseconds a price is shown before it is read again; what the buyer pays is always Stripe's own. */
const FRESH = 5 * 60_000;
/** After Stripe couldn't be asked, how soon it is asked again. */
const RETRY = 5_000;

const prices = new Map<string, { price: Price | undefined; askAgainAt: number }>();

/** What is for sale. A product whose price isn't configured is left out; an outage of Stripe hides amounts only. */
export async function offers(): Promise<Offer[]> {
  const configured = products.flatMap((product) => {
    const priceId = config().stripe.prices[product.priceVariable];
    return priceId === undefined ? [] : [{ product, priceId }];
  });
  return Promise.all(
    configured.map(async ({ product, priceId }) => ({ product, price: await currentPrice(priceId) })),
  );
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
