import type Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";

/**
 * The types of Stripe's objects that are read here, by the name each has in its own field `object`: how one of them is read as it
 * is now, how they are listed, and which permission a restricted key needs, in the words of Stripe's dashboard. Reading again
 * (read-again.ts), lists (lists.ts), the doctor's look at the key (inspect.ts) and reconcile all go by this table.
 */
export const OBJECTS = {
  "checkout.session": {
    permission: "Checkout Sessions: Write",
    retrieve: (stripe, id) => stripe.checkout.sessions.retrieve(id),
    list: (stripe, call) => stripe.checkout.sessions.list(call),
  },
  refund: {
    permission: "Refunds: Write",
    retrieve: (stripe, id) => stripe.refunds.retrieve(id),
    list: (stripe, call) => stripe.refunds.list(call),
  },
  event: {
    permission: "Events: Read",
    retrieve: (stripe, id) => stripe.events.retrieve(id),
    list: (stripe, call) => stripe.events.list(call),
  },
  charge: {
    permission: "Charges: Read",
    retrieve: (stripe, id) => stripe.charges.retrieve(id),
    list: (stripe, call) => stripe.charges.list(call),
  },
  dispute: {
    permission: "Disputes: Read",
    retrieve: (stripe, id) => stripe.disputes.retrieve(id),
    list: (stripe, call) => stripe.disputes.list(call),
  },
  "radar.early_fraud_warning": {
    permission: "Radar: Read",
    optional: true,
    retrieve: (stripe, id) => stripe.radar.earlyFraudWarnings.retrieve(id),
    list: (stripe, call) => stripe.radar.earlyFraudWarnings.list(call),
  },
  subscription: {
    permission: "Subscriptions: Write",
    retrieve: (stripe, id) => stripe.subscriptions.retrieve(id),
    // Without a status, Stripe leaves out those that have ended.
    list: (stripe, call) => stripe.subscriptions.list({ ...call, status: "all" }),
  },
  invoice: {
    permission: "Invoices: Read",
    retrieve: (stripe, id) => stripe.invoices.retrieve(id),
    list: (stripe, call) => stripe.invoices.list(call),
  },
  invoice_payment: {
    permission: "Invoices: Read",
    retrieve: (stripe, id) => stripe.invoicePayments.retrieve(id),
    list: (stripe, call) => stripe.invoicePayments.list(call),
  },
} satisfies Record<string, StripeObject>;

export type ObjectType = keyof typeof OBJECTS;

type StripeObject = {
  permission: `${string}: ${"Read" | "Write"}`;
  /**
   * Its list counts as empty where it can't be had: a restricted key may be older than our asking for it (the doctor says so), and not
   * every Stripe-compatible server has it. Their events tell the same.
   */
  optional?: true;
  /** Throws Stripe's error where it has none with this id. */
  retrieve: (stripe: StripeClient, id: string) => Promise<unknown>;
  /** One page, newest first. */
  list: (stripe: StripeClient, call: ListCall) => Promise<ListAnswer>;
};

export type ListCall = {
  limit: number;
  starting_after?: string;
  created?: { gte: number };
  types?: string[];
  expand?: string[];
};
export type ListAnswer = Stripe.Response<Stripe.ApiList<Listed>>;
/** Of an object in a list only its id is sure; what else it says is for its reader. */
export type Listed = { id: string };

export function isOptional(type: ObjectType): boolean {
  const object: StripeObject = OBJECTS[type];
  return object.optional === true;
}

export function isObjectType(type: string): type is ObjectType {
  return Object.hasOwn(OBJECTS, type);
}
