import type { Policy } from "#/rules/grants.ts";

/** What a product is: one entry of the catalog. */
export type Product = DownloadProduct | PlanProduct | BookingProduct;

type Common = {
  /** Stable name used in URLs, metadata and the database: lower case letters, digits, `_` and `-`. */
  key: string;
  /** Environment variable that carries the Stripe Price id (`price_…`). */
  priceVariable: PriceVariable;
  /** Highest quantity one order may hold. */
  maxQuantity: number;
  /** What a refund, a dispute and a failed renewal do to the access it gives. */
  policy: Policy;
  name: string;
  description: string;
  /** What the sandbox charges for it; real prices are made in Stripe. */
  sandboxPrice: SandboxPrice;
};

/** Files, sold once. */
export type DownloadProduct = Common & {
  kind: "download";
  files: readonly ProductFile[];
  /** How often each file may be downloaded; an operator can allow as many again. */
  downloadLimit: number;
};

/** Renews; its quantity is the number of seats. */
export type PlanProduct = Common & {
  kind: "plan";
  /** Days before the first payment; given once to an account and once to a card. 0 means none. */
  trialDays: number;
};

/** Places in a slot. */
export type BookingProduct = Common & {
  kind: "booking";
  policy: Required<Pick<Policy, "spotOnRefund">>;
};

export type PriceVariable = `STRIPE_PRICE_${string}`;

export type ProductFile = {
  /** Stable name used in URLs and in the count of downloads. */
  key: string;
  /** What it is called on the buyer's disk. */
  name: string;
  /** Where it lies in the storage (`STORAGE_URL`). */
  path: string;
};

export type SandboxPrice = {
  /** Minor units. */
  unitAmount: number;
  currency: string;
  /** Minor units in other currencies, for the buyers who pay in them. */
  amounts?: Record<string, number>;
  /** Set for what renews. */
  interval?: "day" | "week" | "month" | "year";
};
