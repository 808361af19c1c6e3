/** What a product costs: an id of Stripe's (`price_…`), the lookup key of a price at Stripe, or an amount. */
export type PriceSource = string | LookupKey | Amount;

/** A price at Stripe, by a name that can be moved from one price to another. */
export type LookupKey = { lookupKey: string };

/** An amount, from which `push` makes a price at Stripe. */
export type Amount = {
  /** Minor units: 1900 is 19.00 USD. */
  amount: number;
  /** ISO code in lower case. */
  currency: string;
  /** Minor units in further currencies, for the buyers who pay in them. */
  amounts?: Readonly<Record<string, number>>;
  /** Set for what renews. */
  interval?: Interval;
};

export type Interval = "day" | "week" | "month" | "year";

/** A product's prices by their names; the first is the one it is sold under where none is named. */
export type Prices = Readonly<Record<string, PriceSource>>;

/** The name of the price of a product that has only one. */
export const ONLY_PRICE = "default";

/** The lookup key under which `push` keeps the price that it made from an amount. */
export function pushedKey(productKey: string, price: string): string {
  return `oncepaid:${productKey}:${price}`;
}

export function isAmount(source: PriceSource): source is Amount {
  return typeof source !== "string" && "amount" in source;
}

/** The lookup key a price is found by at Stripe; undefined where its id is known as it stands. */
export function lookupKeyOf(productKey: string, price: string, source: PriceSource): string | undefined {
  if (typeof source === "string") return undefined;
  return isAmount(source) ? pushedKey(productKey, price) : source.lookupKey;
}
