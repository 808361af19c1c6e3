import { type Amount, type Interval, type LookupKey, ONLY_PRICE, type Prices } from "#/catalog/price.ts";
import type { Policy } from "#/rules/grants.ts";
import type { Kind } from "#/rules/kinds.ts";

/** What a product is: one entry of the catalog. `Key` is its key as a literal type, where that is known. */
export type Product<Key extends string = string> =
  | DownloadProduct<Key>
  | PlanProduct<Key>
  | BookingProduct<Key>;

type Common<Key extends string> = {
  /** Stable name used in URLs, metadata and the database: lower case letters, digits, `_` and `-`. */
  key: Key;
  name: string;
  description: string;
  /** What it is called in other languages, by language; what one doesn't say is said as above. */
  translations: Translations;
  /** Addresses of pictures, for the payment page; Stripe shows up to eight. */
  images: readonly string[];
  /** What whoever has the product may use, by names of the app's own. */
  features: readonly string[];
  prices: Prices;
  /** Highest quantity one order may hold. */
  maxQuantity: number;
  /** What a refund, a dispute and a failed renewal do to the access it gives. */
  policy: Policy;
};

export type Translations = Readonly<Record<string, { name?: string; description?: string }>>;

/** Files, sold once. */
export type DownloadProduct<Key extends string = string> = Common<Key> & {
  kind: "download";
  files: readonly ProductFile[];
  /** How often each file may be downloaded; an operator can allow as many again. */
  downloadLimit: number;
};

/** Renews; its quantity is the number of seats. */
export type PlanProduct<Key extends string = string> = Common<Key> & {
  kind: "plan";
  /** Days before the first payment; given once to an account and once to a card. 0 means none. */
  trialDays: number;
};

/** Spots in a slot. */
export type BookingProduct<Key extends string = string> = Common<Key> & {
  kind: "booking";
  policy: Required<Pick<Policy, "spotOnRefund">>;
  /** What buyers may change without asking anybody; nothing, where it isn't said. */
  changes?: BuyerChanges | undefined;
};

/** What a buyer may do about a booking alone, and until when. */
export type BuyerChanges = {
  /** Hours before the date begins. After that only support changes a booking. */
  untilHours: number;
  /** Whether they may choose another date of the product that has room. */
  move?: boolean;
  /** Whether they may cancel: `refund` gives back what was paid for it, `no_refund` only frees the place. */
  cancel?: "refund" | "no_refund";
};

export type ProductFile = {
  /** Stable name used in URLs and in the count of downloads. */
  key: string;
  /** What it is called on the buyer's disk. */
  name: string;
  /** Where it lies in the storage. */
  path: string;
};

/** What a product is sold for: one price, or several by name. */
type Priced<Source> =
  | { price: Source; prices?: undefined }
  | { prices: Readonly<Record<string, Source>>; price?: undefined };

type PaidOnce = string | LookupKey | (Amount & { interval?: undefined });
type Renewing = string | LookupKey | (Amount & { interval: Interval });

type Described<Key extends string> = {
  key: Key;
  name: string;
  description?: string;
  translations?: Translations;
  images?: readonly string[];
  features?: readonly string[];
  maxQuantity?: number;
  policy?: Partial<Policy>;
};

const DAY_SECONDS = 24 * 60 * 60;
/** All the money back ends it, a part of it doesn't, a dispute interrupts it. */
const SOLD_ONCE: Policy = { onRefund: "end", onPartialRefund: "keep", onDispute: "suspend", gracePeriod: 0 };
/** A refund gives one payment back and the plan goes on; a failed renewal leaves a week to set it right. */
const RENEWS: Policy = {
  onRefund: "keep",
  onPartialRefund: "keep",
  onDispute: "suspend",
  gracePeriod: 7 * DAY_SECONDS,
};
/** Beside that, a place whose payment went back is sold again. */
const DATED = { ...SOLD_ONCE, spotOnRefund: "release" as const };

/** The policy of a product that says nothing of its own. */
export const USUAL_POLICY: Readonly<Record<Kind, Policy>> = {
  download: SOLD_ONCE,
  plan: RENEWS,
  booking: DATED,
};

/**
 * Files that are paid for once.
 *
 * @example
 * download({ key: "ebook", name: "Field guide", price: "price_1", files: [{ key: "guide", name: "guide.pdf", path: "guide.pdf" }] })
 */
export function download<const Key extends string>({
  downloadLimit = 20,
  files,
  ...given
}: Described<Key> &
  Priced<PaidOnce> &
  Pick<DownloadProduct, "files"> & { downloadLimit?: number }): DownloadProduct<Key> {
  return { ...described(given, 10, SOLD_ONCE), kind: "download", files, downloadLimit };
}

/**
 * A subscription, with a seat for each of its quantity.
 *
 * @example
 * plan({ key: "pro", name: "Pro", prices: { month: "price_2", year: "price_3" }, features: ["export"] })
 */
export function plan<const Key extends string>({
  trialDays = 0,
  ...given
}: Described<Key> & Priced<Renewing> & { trialDays?: number }): PlanProduct<Key> {
  return { ...described(given, 500, RENEWS), kind: "plan", trialDays };
}

/**
 * Spots on a date, paid for once. Dates are made while the shop runs; all the money back puts the spot on sale again. With `changes`
 * buyers may move or cancel a booking themselves.
 *
 * @example
 * booking({ key: "workshop", name: "Workshop", price: { amount: 14900, currency: "usd", amounts: { inr: 1199900 } } })
 * booking({ key: "tour", name: "Tour", price: "price_3", changes: { untilHours: 48, move: true, cancel: "refund" } })
 */
export function booking<const Key extends string>({
  changes,
  ...given
}: Described<Key> & Priced<PaidOnce> & { changes?: BuyerChanges }): BookingProduct<Key> {
  const common = described(given, 10, DATED);
  const policy = { ...DATED, ...common.policy };
  if (changes) checkChanges(given.key, changes, policy.spotOnRefund);
  return { ...common, kind: "booking", policy, ...(changes && { changes }) };
}

/** What a shop promises its buyers has to be what they are let do. */
function checkChanges(
  key: string,
  { untilHours, cancel }: BuyerChanges,
  spotOnRefund: Policy["spotOnRefund"],
): void {
  if (!(Number.isFinite(untilHours) && untilHours >= 0)) {
    throw new TypeError(`${key}: changes.untilHours is a number of hours, at least 0, not ${untilHours}.`);
  }
  if (cancel !== undefined && spotOnRefund === "keep") {
    throw new TypeError(
      `${key}: buyers can't cancel (changes.cancel) where a place that is given back isn't sold again (policy.spotOnRefund: "keep").`,
    );
  }
}

function described<Key extends string>(
  given: Described<Key> & Priced<Prices[string]>,
  maxQuantity: number,
  policy: Policy,
): Common<Key> {
  return {
    key: given.key,
    name: given.name,
    description: given.description ?? "",
    translations: given.translations ?? {},
    images: given.images ?? [],
    features: given.features ?? [],
    prices: given.prices ?? { [ONLY_PRICE]: given.price },
    maxQuantity: given.maxQuantity ?? maxQuantity,
    policy: { ...policy, ...given.policy },
  };
}
