import { isDeepStrictEqual } from "node:util";
import { type CatalogPrice, firstPrice, pricesIn } from "#/catalog/catalog.ts";
import type { Product } from "#/catalog/product.ts";
import { rememberPrices } from "#/database/sold-prices.ts";
import type { Engine } from "#/engine.ts";
import { lookUpPrices } from "#/stripe/prices.ts";

/**
 * A price as it can be sold now: its id at Stripe. `absent`: Stripe has no such price, so it is not for sale. `unasked`: Stripe
 * couldn't be asked, and it isn't known from before.
 */
export type Current = { state: "found"; id: string } | { state: "absent" } | { state: "unasked" };

export type CurrentPrices = {
  /** The price of a product by its name. */
  of(product: Product, name: string): Current;
  /** The one it is sold under where none is named. */
  firstOf(product: Product): Current;
};

/** How long lookup keys are believed, and how soon Stripe is asked again after it couldn't be. */
const FRESH_MS = 5 * 60_000;
const RETRY_MS = 5_000;

/**
 * What every price of the catalog is now. An id is taken as it stands; lookup keys, and those of amounts, are looked up with one
 * call (for each ten of them) that answers for some minutes and for all requests at once.
 */
export async function currentPrices(engine: Engine): Promise<CurrentPrices> {
  const prices = pricesIn(engine.catalog);
  const ids = await lookedUp(engine, prices);
  const current = ({ source, lookupKey }: CatalogPrice): Current => {
    if (typeof source === "string") return { state: "found", id: source };
    if (!ids) return { state: "unasked" };
    const id = ids.get(lookupKey ?? "");
    return id === undefined ? { state: "absent" } : { state: "found", id };
  };
  const found = new Map(prices.map((price) => [keyOf(price.product, price.name), current(price)]));
  await remember(engine, prices, found);
  const of = (product: Product, name: string) => found.get(keyOf(product, name)) ?? { state: "absent" };
  return { of, firstOf: (product) => of(product, firstPrice(product)) };
}

/** Asks Stripe again at the next request: a price was refused, so another may have taken its place. */
export function forgetLookups({ shared }: Engine): void {
  if (shared.lookups) shared.lookups.askAgainAt = 0;
}

/** Undefined where Stripe was never reached; an outage later on leaves what is known. */
async function lookedUp(
  engine: Engine,
  prices: readonly CatalogPrice[],
): Promise<ReadonlyMap<string, string> | undefined> {
  const keys = prices.flatMap(({ lookupKey }) => lookupKey ?? []);
  if (keys.length === 0) return new Map();
  const { shared } = engine;
  const known = shared.lookups;
  // A catalog that was changed while the process runs, as in development, has other keys.
  const before = known && isDeepStrictEqual(known.keys, keys) ? known : undefined;
  if (before && before.askAgainAt > Date.now()) return before.answer;
  const lookups = { keys, answer: ask(engine, keys, before?.answer), askAgainAt: Date.now() + FRESH_MS };
  shared.lookups = lookups;
  return lookups.answer;
}

async function ask(
  engine: Engine,
  keys: readonly string[],
  before: Promise<ReadonlyMap<string, string> | undefined> | undefined,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { shared, log } = engine;
  try {
    const found = await lookUpPrices(engine.stripe, keys);
    // The call told the amounts too, so a page needs none of its own for them.
    for (const price of found.values()) {
      shared.prices.set(price.id, { price, askAgainAt: Date.now() + FRESH_MS });
    }
    return new Map([...found].map(([key, { id }]) => [key, id]));
  } catch (error) {
    log.warn({ err: error }, "prices not looked up");
    if (shared.lookups) shared.lookups.askAgainAt = Date.now() + RETRY_MS;
    return before;
  }
}

/** Before anything is sold under a price it stands in the database, for whichever process hears of it later. */
async function remember(
  { database, shared: { remembered } }: Engine,
  prices: readonly CatalogPrice[],
  found: ReadonlyMap<string, Current>,
): Promise<void> {
  const fresh = prices.flatMap(({ product, name }) => {
    const current = found.get(keyOf(product, name));
    if (current?.state !== "found" || remembered.has(current.id)) return [];
    return [{ stripePriceId: current.id, productKey: product.key, name }];
  });
  if (fresh.length === 0) return;
  await rememberPrices(database, fresh);
  for (const { stripePriceId } of fresh) remembered.add(stripePriceId);
}

function keyOf(product: Product, name: string): string {
  return JSON.stringify([product.key, name]);
}
