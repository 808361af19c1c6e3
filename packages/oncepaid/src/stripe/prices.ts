import type Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";

/** A price as a page shows it. `unitAmount` is in minor units; `interval` (`day`, `week`, `month`, `year`) is set for what renews. */
export type Price = {
  id: string;
  /** The product of Stripe's that it is a price of. */
  product: string;
  unitAmount: number;
  currency: string;
  /** What it costs in each currency it has an amount of its own in, its default among them; minor units. */
  amounts: Record<string, number>;
  interval: string | null;
  intervalCount: number;
  /** Whether tax is in the amount already; null where the price leaves that to the account's own tax settings. */
  taxIncluded: boolean | null;
};

/** Source: docs.stripe.com/api/prices/object, `tax_behavior`. */
const TAX_INCLUDED: Record<string, boolean> = { inclusive: true, exclusive: false };

/** How many lookup keys one call takes. Source: docs.stripe.com/api/prices/list, `lookup_keys`. */
const KEYS_PER_CALL = 10;

/** Reads one price; undefined when it has no fixed amount or is archived. Throws Stripe's error otherwise. */
export async function retrievePrice(stripe: StripeClient, id: string): Promise<Price | undefined> {
  return shown(await stripe.prices.retrieve(id, { expand: ["currency_options"] }));
}

/** The prices that can be sold under these lookup keys, by key. Throws Stripe's error. */
export async function lookUpPrices(
  stripe: StripeClient,
  lookupKeys: readonly string[],
): Promise<Map<string, Price>> {
  const found = await withLookupKeys(stripe, lookupKeys, { active: true });
  return new Map(
    found.flatMap((price): [string, Price][] => {
      const sold = shown(price);
      return sold && price.lookup_key !== null ? [[price.lookup_key, sold]] : [];
    }),
  );
}

/** A price with everything that is compared before one is made. */
export type FullPrice = Stripe.Price;

/** Every price that has one of these lookup keys, those that are archived too unless `active` leaves them out. */
export async function withLookupKeys(
  stripe: StripeClient,
  lookupKeys: readonly string[],
  only: { active?: boolean } = {},
): Promise<FullPrice[]> {
  const pages = await Promise.all(
    chunks([...new Set(lookupKeys)]).map((keys) =>
      stripe.prices.list({
        ...only,
        lookup_keys: keys,
        limit: KEYS_PER_CALL,
        expand: ["data.currency_options"],
      }),
    ),
  );
  return pages.flatMap(({ data }) => data);
}

function chunks(keys: string[]): string[][] {
  return keys.length === 0 ? [] : [keys.slice(0, KEYS_PER_CALL), ...chunks(keys.slice(KEYS_PER_CALL))];
}

function shown(price: FullPrice): Price | undefined {
  const { id, active, unit_amount: unitAmount, currency, recurring } = price;
  if (!active || unitAmount === null) return undefined;
  return {
    id,
    product: idOf(price.product),
    unitAmount,
    currency,
    amounts: amountsOf(price),
    interval: recurring?.interval ?? null,
    intervalCount: recurring?.interval_count ?? 1,
    taxIncluded: TAX_INCLUDED[price.tax_behavior ?? ""] ?? null,
  };
}

/** Minor units by currency, its own among them. */
export function amountsOf({ currency, unit_amount, currency_options }: FullPrice): Record<string, number> {
  const all = [[currency, unit_amount], ...Object.entries(currency_options ?? {}).map(optionAmount)];
  return Object.fromEntries(all.filter(([, amount]) => amount !== null));
}

function optionAmount([code, option]: [string, Stripe.Price.CurrencyOptions]): [string, number | null] {
  return [code, option.unit_amount];
}

/** The prices of a product of Stripe's that can be sold, as many as one call gives. */
export async function activePricesOf(
  stripe: StripeClient,
  product: FullPrice["product"],
): Promise<FullPrice[]> {
  const { data } = await stripe.prices.list({ product: idOf(product), active: true, limit: 100 });
  return data;
}

function idOf(object: string | { id: string }): string {
  return typeof object === "string" ? object : object.id;
}
