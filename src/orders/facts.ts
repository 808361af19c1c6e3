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
  customer?: string;
  email?: string;
};

/** A charge, as far as it was refunded. `refunded` is Stripe's cumulative figure and `refundedAt` when it was reached. */
export type ChargeFact = { amount?: number; refunded?: number; refundedAt?: number };

/** One refund. A refund that failed or was canceled gave nothing back, whatever was said of it before. */
export type RefundFact = { charge?: string; amount?: number; createdAt?: number; failedAt?: number };

export const NO_FACTS: Facts = { sessions: {}, charges: {}, refunds: {} };

export function merge(a: Facts, b: Facts): Facts {
  return {
    sessions: mergeEach(a.sessions, b.sessions, mergeSession),
    charges: mergeEach(a.charges, b.charges, mergeCharge),
    refunds: mergeEach(a.refunds, b.refunds, mergeRefund),
  };
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
    customer: greater(a.customer, b.customer),
    email: greater(a.email, b.email),
  });
}

function mergeCharge(a: ChargeFact, b: ChargeFact): ChargeFact {
  const amount = greater(a.amount, b.amount);
  if ((a.refunded ?? 0) === (b.refunded ?? 0)) {
    return compact({
      amount,
      refunded: greater(a.refunded, b.refunded),
      refundedAt: earliest(a.refundedAt, b.refundedAt),
    });
  }
  return compact({ ...((a.refunded ?? 0) > (b.refunded ?? 0) ? a : b), amount });
}

function mergeRefund(a: RefundFact, b: RefundFact): RefundFact {
  return compact({
    charge: greater(a.charge, b.charge),
    amount: greater(a.amount, b.amount),
    createdAt: earliest(a.createdAt, b.createdAt),
    failedAt: earliest(a.failedAt, b.failedAt),
  });
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
