/**
 * Facts: what events tell that stays true, and how they are merged. `merge` is commutative, associative and idempotent,
 * so any order, repetition or grouping of the same events ends in the same facts. Times are Stripe's (`event.created`,
 * unix seconds), amounts are minor units. Pure: no I/O in this file.
 */

/** Everything Stripe told us about an order, by the id of the object it told it about. */
export type Facts = {
  sessions: Record<string, SessionFact>;
  charges: Record<string, ChargeFact>;
  refunds: Record<string, RefundFact>;
  disputes: Record<string, DisputeFact>;
  subscriptions: Record<string, SubscriptionFact>;
  invoices: Record<string, InvoiceFact>;
  /** What our own operators decided about the access it gives. */
  rulings: Record<string, RulingFact>;
  /** Stripe's ids that belong to the order: its payment intents, its subscription, their invoices. */
  links: Record<string, true>;
};

/** A Checkout Session. Each time is when it was first known to be so; absent means it isn't known. */
export type SessionFact = {
  completedAt?: number;
  paidAt?: number;
  /** An asynchronous payment that failed. */
  failedAt?: number;
  expiredAt?: number;
  amountTotal?: number;
  currency?: string;
  paymentIntent?: string;
  subscription?: string;
  /** The plan's first. */
  invoice?: string;
  customer?: string;
  email?: string;
};

/** A charge, as far as it was refunded. `refunded` is Stripe's cumulative figure and `refundedAt` when it was reached. */
export type ChargeFact = { amount?: number; refunded?: number; refundedAt?: number; paymentIntent?: string };

/** One refund. A refund that failed or was canceled gave nothing back, whatever was said of it before. */
export type RefundFact = {
  charge?: string;
  amount?: number;
  createdAt?: number;
  failedAt?: number;
  paymentIntent?: string;
};

/** One dispute. Several may stand against one charge, and a lost one may still be won later. */
export type DisputeFact = {
  charge?: string;
  amount?: number;
  /** When the bank first took the money back; an inquiry alone takes nothing. */
  openedAt?: number;
  lostAt?: number;
  wonAt?: number;
  paymentIntent?: string;
};

/** The newest state of a subscription. `canceled` is final, whatever comes after it. */
export type SubscriptionFact = {
  /** When Stripe says it was so. */
  at: number;
  /** Set when Stripe was asked because two states came within one second; milliseconds, the later answer counts. */
  readAt?: number;
  status: string;
  customer?: string;
  items: { price: string; quantity: number }[];
  /** Every price it ever had: what it was changed from was granted once and has ended. */
  prices: Record<string, true>;
  currentPeriodStart?: number;
  currentPeriodEnd?: number;
  /** When its trial began, if it ever had one. */
  trialStart?: number;
  /** When it will end, if it is to end. */
  cancelAt?: number;
  endedAt?: number;
};

/** A plan's invoice, and the payment that paid it. Amounts are minor units. */
export type InvoiceFact = {
  amountDue?: number;
  currency?: string;
  failedAt?: number;
  paidAt?: number;
  paymentIntent?: string;
};

/** An operator ends the access to a product, or takes that back. Of several the newest counts. Never changed once made. */
export type RulingFact = { productKey: string; access: "ended" | "restored"; at: number };

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

export function merge(a: Facts, b: Facts): Facts {
  return {
    sessions: mergeEach(a.sessions, b.sessions, mergeSession),
    charges: mergeEach(a.charges, b.charges, mergeCharge),
    refunds: mergeEach(a.refunds, b.refunds, mergeRefund),
    disputes: mergeEach(a.disputes, b.disputes, mergeDispute),
    subscriptions: mergeEach(a.subscriptions, b.subscriptions, mergeSubscription),
    invoices: mergeEach(a.invoices, b.invoices, mergeInvoice),
    rulings: { ...a.rulings, ...b.rulings },
    links: { ...a.links, ...b.links },
  };
}

/** Ended for good: nothing Stripe says later about such a subscription opens it again. */
export function isOver(status: string): boolean {
  return status === "canceled" || status === "incomplete_expired";
}

/** Two different states of one second, which the payloads alone can't order: only Stripe knows which is newer. */
export function isTied(a: SubscriptionFact | undefined, b: SubscriptionFact | undefined): boolean {
  if (!a || !b || a.at !== b.at || isOver(a.status) || isOver(b.status)) return false;
  return stateOf(a) !== stateOf(b);
}

function mergeSession(a: SessionFact, b: SessionFact): SessionFact {
  return compact({
    completedAt: earliest(a.completedAt, b.completedAt),
    paidAt: earliest(a.paidAt, b.paidAt),
    failedAt: earliest(a.failedAt, b.failedAt),
    expiredAt: earliest(a.expiredAt, b.expiredAt),
    amountTotal: greater(a.amountTotal, b.amountTotal),
    currency: greater(a.currency, b.currency),
    paymentIntent: greater(a.paymentIntent, b.paymentIntent),
    subscription: greater(a.subscription, b.subscription),
    invoice: greater(a.invoice, b.invoice),
    customer: greater(a.customer, b.customer),
    email: greater(a.email, b.email),
  });
}

function mergeCharge(a: ChargeFact, b: ChargeFact): ChargeFact {
  const amount = greater(a.amount, b.amount);
  const paymentIntent = greater(a.paymentIntent, b.paymentIntent);
  if ((a.refunded ?? 0) === (b.refunded ?? 0)) {
    return compact({
      amount,
      refunded: greater(a.refunded, b.refunded),
      refundedAt: earliest(a.refundedAt, b.refundedAt),
      paymentIntent,
    });
  }
  return compact({ ...((a.refunded ?? 0) > (b.refunded ?? 0) ? a : b), amount, paymentIntent });
}

function mergeRefund(a: RefundFact, b: RefundFact): RefundFact {
  return compact({
    charge: greater(a.charge, b.charge),
    amount: greater(a.amount, b.amount),
    createdAt: earliest(a.createdAt, b.createdAt),
    failedAt: earliest(a.failedAt, b.failedAt),
    paymentIntent: greater(a.paymentIntent, b.paymentIntent),
  });
}

function mergeDispute(a: DisputeFact, b: DisputeFact): DisputeFact {
  return compact({
    charge: greater(a.charge, b.charge),
    amount: greater(a.amount, b.amount),
    openedAt: earliest(a.openedAt, b.openedAt),
    lostAt: earliest(a.lostAt, b.lostAt),
    wonAt: earliest(a.wonAt, b.wonAt),
    paymentIntent: greater(a.paymentIntent, b.paymentIntent),
  });
}

function mergeSubscription(a: SubscriptionFact, b: SubscriptionFact): SubscriptionFact {
  const trialStart = earliest(a.trialStart, b.trialStart);
  return {
    ...newer(a, b),
    prices: { ...a.prices, ...b.prices },
    ...(trialStart !== undefined && { trialStart }),
  };
}

function mergeInvoice(a: InvoiceFact, b: InvoiceFact): InvoiceFact {
  return compact({
    amountDue: greater(a.amountDue, b.amountDue),
    currency: greater(a.currency, b.currency),
    failedAt: earliest(a.failedAt, b.failedAt),
    paidAt: earliest(a.paidAt, b.paidAt),
    paymentIntent: greater(a.paymentIntent, b.paymentIntent),
  });
}

/** An ended state wins for good; else the later one, else the later answer of Stripe, else a choice all make alike. */
function newer(a: SubscriptionFact, b: SubscriptionFact): SubscriptionFact {
  const order = [
    Number(isOver(a.status)) - Number(isOver(b.status)),
    // Of two endings the first is the one.
    isOver(a.status) ? b.at - a.at : a.at - b.at,
    (a.readAt ?? 0) - (b.readAt ?? 0),
    stateOf(a) > stateOf(b) ? 1 : -1,
  ].find((difference) => difference !== 0);
  return order !== undefined && order > 0 ? a : b;
}

/** The state in words that can be compared, without when it was told. */
function stateOf({
  status,
  customer,
  items,
  currentPeriodStart,
  currentPeriodEnd,
  cancelAt,
  endedAt,
}: SubscriptionFact) {
  const each = [...items]
    .sort((a, b) => (a.price < b.price ? -1 : 1))
    .map(({ price, quantity }) => [price, quantity]);
  return JSON.stringify([status, customer, each, currentPeriodStart, currentPeriodEnd, cancelAt, endedAt]);
}

function mergeEach<T>(
  a: Record<string, T>,
  b: Record<string, T>,
  mergeOne: (a: T, b: T) => T,
): Record<string, T> {
  const merged = { ...a };
  for (const [id, fact] of Object.entries(b)) {
    const known = merged[id];
    merged[id] = known === undefined ? fact : mergeOne(known, fact);
  }
  return merged;
}

/** What never changes at Stripe is simply kept; the greater of two is a choice every machine makes alike. */
function greater<T extends string | number>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** Absent and undefined are the same fact, so they must be the same value. */
function compact<T extends object>(fact: T): T {
  for (const key of Object.keys(fact))
    if (Reflect.get(fact, key) === undefined) Reflect.deleteProperty(fact, key);
  return fact;
}
