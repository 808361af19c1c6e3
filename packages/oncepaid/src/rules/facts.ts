/**
 * Facts: what Stripe's events, and our own operators, say about an order that stays true. Times are unix seconds as Stripe
 * gives them (`event.created`), amounts are minor units. An absent field means: nothing is known of it. How two facts about
 * one object become one is in merge.ts.
 */

/** All that is known about one order: for each kind of object, the facts by the object's id. */
export type Facts = {
  sessions: Record<string, SessionFact>;
  charges: Record<string, ChargeFact>;
  refunds: Record<string, RefundFact>;
  disputes: Record<string, DisputeFact>;
  subscriptions: Record<string, SubscriptionFact>;
  invoices: Record<string, InvoiceFact>;
  /** By an id of ours. */
  rulings: Record<string, RulingFact>;
  /** By the subscription's id; facts that are stored without any have no such field. */
  claims?: Record<string, ClaimFact>;
  /** By Stripe's id; as claims, absent where there is none. */
  warnings?: Record<string, WarningFact>;
  /** Ids of Stripe's objects that belong to the order: its payment intents, its subscription, the subscription's invoices. */
  links: Record<string, true>;
};

/** A Checkout Session. Each time is when it was first known to be so. */
export type SessionFact = {
  /** The buyer finished the page; a delayed payment may still be on its way. */
  completedAt?: number;
  /** The buyer finished the page, and the payment was said to be on its way then. */
  processingAt?: number;
  paidAt?: number;
  /** A delayed payment did not arrive. */
  failedAt?: number;
  /** Its time was over, or we ended it, before anybody paid. */
  expiredAt?: number;
  amountTotal?: number;
  /** What discounts took off. */
  amountDiscount?: number;
  /** The taxes in the total, whether they were added or part of the prices. */
  amountTax?: number;
  /** ISO code in lower case. */
  currency?: string;
  paymentIntent?: string;
  subscription?: string;
  /** The first invoice of the plan that was bought. */
  invoice?: string;
  customer?: string;
  email?: string;
  /** The buyer's, as they wrote it on Stripe's page. */
  name?: string;
};

/** A charge, as far as it was given back. */
export type ChargeFact = {
  amount?: number;
  /** Stripe's cumulative figure: everything of this charge that was given back until `refundedAt`. */
  refunded?: number;
  refundedAt?: number;
  paymentIntent?: string;
};

/** One refund. Once it has failed it gave nothing back, whatever was said of it before. */
export type RefundFact = {
  charge?: string;
  amount?: number;
  createdAt?: number;
  /** Stripe could not give the money back, or the refund was canceled. */
  failedAt?: number;
  paymentIntent?: string;
  /** Which lines of the order it is for, where that was said (returned-items.ts). */
  items?: string;
};

/** One dispute. A charge may have several, and one that was lost may still be won later. */
export type DisputeFact = {
  charge?: string;
  /** What it is about: all of the charge, or a part of it. */
  amount?: number;
  /** What that amount is in: a bank may dispute in another currency than was paid in. ISO code in lower case. */
  currency?: string;
  /** When the bank first took the money back. An inquiry takes nothing, so it has no such time. */
  openedAt?: number;
  lostAt?: number;
  wonAt?: number;
  paymentIntent?: string;
};

/** A subscription in its newest known state (subscription-state.ts says which of two is newer). */
export type SubscriptionFact = {
  /** When Stripe says it was so. */
  at: number;
  /** Unix milliseconds. Set where Stripe had to be asked, because two states came within one second: the later answer counts. */
  readAt?: number;
  /** Stripe's word: `trialing`, `active`, `past_due`, `canceled` … */
  status: string;
  customer?: string;
  items: { price: string; quantity: number }[];
  /** Every price it ever had. A plan it was changed away from was granted once and has ended. */
  prices: Record<string, true>;
  /** The Stripe product of each of them, as far as it was told. */
  products?: Record<string, string>;
  /** Its invoices aren't collected for now, while it goes on: Stripe's `pause_collection.behavior`. */
  collectionPaused?: string;
  currentPeriodStart?: number;
  currentPeriodEnd?: number;
  /** When its trial began, if it ever had one. */
  trialStart?: number;
  /** When it is to end, if that was decided. */
  cancelAt?: number;
  endedAt?: number;
  /** A discount lowers what it costs for now. */
  discounted?: true;
  /** Taxes may be added to what it costs. */
  taxed?: true;
};

/** An invoice of a plan, and the payment that paid it. */
export type InvoiceFact = {
  amountDue?: number;
  amountPaid?: number;
  currency?: string;
  failedAt?: number;
  /** The buyer's bank wants them to confirm the payment. */
  actionRequiredAt?: number;
  paidAt?: number;
  paymentIntent?: string;
  /** Stripe's page of it, where it can be confirmed or paid, and its PDF. Whoever has the address sees it. */
  url?: string;
  pdf?: string;
};

/**
 * An operator ends the access to a product, or gives it back; with `because` its buyer gave it up. Of several the newest counts; none is
 * ever changed.
 */
export type RulingFact = { productKey: string; access: "ended" | "restored"; at: number; because?: "buyer" };

/** A subscription that was made at Stripe by hand, and which a person has given an order. It stands for the session that paid. */
export type ClaimFact = {
  /** When Stripe began it. */
  paidAt: number;
  amountTotal?: number;
  /** The paid invoice that amount is of: every later one is a renewal. */
  invoice?: string;
  currency?: string;
  customer?: string;
  email?: string;
  by?: string;
};

/** A card's bank suspects that a payment was fraud: nothing is taken back yet, and a dispute often follows. */
export type WarningFact = {
  at: number;
  charge?: string;
  paymentIntent?: string;
};

/** Nothing is known. */
export const NO_FACTS: Facts = {
  sessions: {},
  charges: {},
  refunds: {},
  disputes: {},
  subscriptions: {},
  invoices: {},
  rulings: {},
  links: {},
};
