import { isDeepStrictEqual } from "node:util";
import { type CatalogPrice, pricesIn } from "#/catalog/catalog.ts";
import { type Amount, isAmount } from "#/catalog/price.ts";
import type { Engine } from "#/engine.ts";
import { activePricesOf, amountsOf, type FullPrice, withLookupKeys } from "#/stripe/prices.ts";

/** What there is to do at Stripe until every amount of the catalog has its price there, and no price it doesn't name is on sale. */
export type PushStep = {
  productKey: string;
  price: string;
  lookupKey: string;
} /** No price has the lookup key. */ & (
  | { do: "make"; amount: Amount }
  /** The price that has it costs something else: another takes its place, and whoever has the old one keeps it. */
  | { do: "replace"; amount: Amount; stripePriceId: string }
  /** The price costs what it should: it gets the lookup key, further currencies, or is put on sale again. */
  | { do: "keep"; stripePriceId: string; change: PriceChange }
  /** A price that was replaced, where that went no further. */
  | { do: "archive"; stripePriceId: string }
);

export type PriceChange = {
  lookupKey?: string;
  active?: true;
  /** Minor units by currency. */
  amounts?: Record<string, number>;
};

type Priced = CatalogPrice & { source: Amount; lookupKey: string };

/** What a push needs of an engine; it asks for no database. */
export type PushEngine = Pick<Engine, "catalog" | "stripe">;

/**
 * Compares the catalog's amounts with the prices at Stripe; changes nothing. `formerKeys` are lookup keys that earlier versions
 * gave to a product's first price, by product key: a price that costs the same is kept under its new key.
 */
export async function planPush(
  { catalog, stripe }: PushEngine,
  formerKeys: Readonly<Record<string, string>> = {},
): Promise<PushStep[]> {
  const wanted = pricesIn(catalog).filter(isPriced);
  const keys = wanted.map(({ lookupKey }) => lookupKey);
  const found = await withLookupKeys(stripe, [...keys, ...Object.values(formerKeys)]);
  const byKey = new Map(found.map((price) => [price.lookup_key ?? "", price]));
  const steps = wanted.flatMap((price) => {
    const isFirst = Object.keys(price.product.prices)[0] === price.name;
    const former = isFirst ? byKey.get(formerKeys[price.product.key] ?? "") : undefined;
    return stepsFor(price, byKey.get(price.lookupKey), former);
  });
  return [...steps, ...(await leftovers(stripe, wanted, byKey))];
}

function isPriced(price: CatalogPrice): price is Priced {
  return isAmount(price.source);
}

function stepsFor(wanted: Priced, holder: FullPrice | undefined, former: FullPrice | undefined): PushStep[] {
  const { source: amount, lookupKey } = wanted;
  const which = { productKey: wanted.product.key, price: wanted.name, lookupKey };
  const there = holder ?? former;
  if (!there) return [{ ...which, do: "make", amount }];
  const stripePriceId = there.id;
  const old: PushStep[] =
    holder && former?.active ? [{ ...which, do: "archive", stripePriceId: former.id }] : [];
  if (!costsTheSame(there, amount)) return [...old, { ...which, do: "replace", amount, stripePriceId }];
  const missing = Object.entries(amount.amounts ?? {}).filter(([code]) => !(code in amountsOf(there)));
  const change: PriceChange = {
    ...(there.lookup_key !== lookupKey && { lookupKey }),
    ...(!there.active && { active: true }),
    ...(missing.length > 0 && { amounts: Object.fromEntries(missing) }),
  };
  return isDeepStrictEqual(change, {}) ? old : [...old, { ...which, do: "keep", stripePriceId, change }];
}

/** A currency that it lacks can be added to it, and one that the catalog doesn't name does no harm. */
function costsTheSame(price: FullPrice, { amount, currency, amounts = {}, interval }: Amount): boolean {
  const there = amountsOf(price);
  return (
    price.currency === currency &&
    price.unit_amount === amount &&
    (price.recurring?.interval ?? undefined) === interval &&
    (price.recurring?.interval_count ?? 1) === 1 &&
    Object.entries(amounts).every(([code, unit]) => there[code] === undefined || there[code] === unit)
  );
}

/** A replacement is made before the old price is archived, so a push that ended in between leaves one that has no lookup key. */
async function leftovers(
  stripe: PushEngine["stripe"],
  wanted: readonly Priced[],
  byKey: ReadonlyMap<string, FullPrice>,
): Promise<PushStep[]> {
  const steps = wanted.map(async ({ product, name, lookupKey }): Promise<PushStep[]> => {
    const holder = byKey.get(lookupKey);
    if (!holder) return [];
    const others = await activePricesOf(stripe, holder.product);
    const left = others.filter(
      ({ id, lookup_key, metadata }) =>
        id !== holder.id && lookup_key === null && metadata.oncepaid_price === name,
    );
    return left.map(({ id }) => ({
      productKey: product.key,
      price: name,
      lookupKey,
      do: "archive",
      stripePriceId: id,
    }));
  });
  return (await Promise.all(steps)).flat();
}
