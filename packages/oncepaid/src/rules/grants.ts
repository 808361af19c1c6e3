import type { Kind } from "#/rules/kinds.ts";

/** What an order gives, and what its products say about taking that back. Times are unix seconds. */

/** A product as it was ordered; `sold` is missing where it left the catalog before the order granted it. */
export type OrderedItem = { productKey: string; quantity: number; sold: Sold | undefined };

/** What the catalog says of a product, as far as access depends on it. */
export type Sold = { productKey: string; kind: Kind; policy: Policy };

/** What a product's seller decided about money that goes back and renewals that fail. */
export type Policy = {
  /** After everything was given back. */
  onRefund: "end" | "keep";
  /** After a part was given back. */
  onPartialRefund: "end" | "keep";
  /** While a bank has taken the money back and it isn't known yet who will get it. */
  onDispute: "suspend" | "keep";
  /** While the invoices of a plan aren't collected, Stripe's `pause_collection`; it goes on where nothing is said. */
  onPausedCollection?: "suspend" | "keep";
  /**
   * What becomes of a plan's subscription when its access ends for good; it is canceled where nothing is said. With `pause` it is collected
   * again once the access is given back. One that was changed into a plan its owner has through another order is paused, never canceled.
   */
  onAccessEnded?: "cancel" | "pause" | "tell";
  /**
   * What becomes of a payment that its card's bank suspects to be fraud. Whoever runs the shop is told, and decides where nothing is
   * said. With `suspend` its access rests until it is given back by hand or the dispute is won; with `refund` what is left of it is
   * given back at once, which may prevent the dispute and its fee, and a plan is canceled.
   */
  onEarlyFraudWarning?: "tell" | "suspend" | "refund";
  /** Seconds a plan goes on after a renewal failed. */
  gracePeriod: number;
  /** Whether a booking's spot is for sale again once everything was given back. */
  spotOnRefund?: "release" | "keep";
};

/** Access to one product, given by one order: what its entitlement is to be. */
export type Grant = {
  productKey: string;
  kind: Kind;
  quantity: number;
  state: "active" | "suspended" | "ended";
  startsAt: number;
  endsAt: number | null;
  /** Why it is not simply active; null where it is. */
  reason: GrantReason | null;
};

/** Stored with the entitlement, so none of these words ever changes. */
export type GrantReason =
  | "operator"
  | "buyer"
  | "refunded"
  | "partially_refunded"
  | "dispute_lost"
  | "disputed"
  | "plan_changed"
  | "subscription_canceled"
  | "subscription_unpaid"
  | "subscription_past_due"
  | "subscription_paused"
  | "subscription_no_seats"
  | "subscription_incomplete"
  | "cancels_at_period_end"
  | "collection_paused"
  | "fraud_warning";
