/** What an order gives, and what the product it is for says about taking it back. Times are unix seconds. */

/** A product as it was ordered; `sold` is missing when it has left the catalog. */
export type OrderedItem = { productKey: string; quantity: number; sold: Sold | undefined };

/** What the catalog says of a product, as far as access depends on it. */
export type Sold = { productKey: string; kind: Grant["kind"]; policy: Policy };

export type Policy = {
  /** After everything was given back. */
  onRefund: "end" | "keep";
  onPartialRefund: "end" | "keep";
  /** While a bank has taken the money back and the outcome is open. */
  onDispute: "suspend" | "keep";
  /** Seconds a plan goes on after a renewal failed. */
  gracePeriod: number;
  /** Whether the places of a booking are for sale again once everything was given back. */
  placeOnRefund?: "release" | "keep";
};

export type Grant = {
  productKey: string;
  kind: "download" | "plan" | "booking";
  quantity: number;
  state: "active" | "suspended" | "ended";
  startsAt: number;
  endsAt: number | null;
  reason: string | null;
};
