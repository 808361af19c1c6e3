/**
 * The truth about one order, as pure rules: events become facts, facts are merged, everything else is derived.
 *
 * `merge` is commutative, associative and idempotent, so any order, repetition or grouping of the same events ends
 * in the same facts; and `derive` looks at nothing but facts, so it ends in the same status, access and effects.
 * Times are Stripe's (`event.created`, unix seconds), amounts are minor units. No I/O in this file.
 */

export type OrderStatus = "PENDING" | "PAID" | "FULFILLED" | "CANCELED" | "REFUNDED" | "FAILED";

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

/** What the order's own rows add to the facts. */
export type OrderContext = {
  mode: "payment" | "subscription";
  /** The session of the newest attempt: an older one that expired says nothing about the order any more. */
  currentSession: string | null;
  items: readonly { productKey: string; quantity: number; kind: Grant["kind"] | undefined }[];
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

/** Something that is done at most once for an order; its name is a row of the fulfilment log. */
export type Effect = {
  event: "checkout.fulfilled" | "order.refunded";
  before: OrderStatus;
  after: OrderStatus;
};

export type Derived = {
  status: OrderStatus;
  sessionId: string | null;
  paymentIntent: string | null;
  subscription: string | null;
  customer: string | null;
  email: string | null;
  currency: string | null;
  amountTotal: number | null;
  amountRefunded: number;
  paidAt: number | null;
  grants: Grant[];
  effects: Effect[];
};

export function derive(facts: Facts, context: OrderContext): Derived {
  const paying = firstPaid(facts);
  const paidAt = paying?.[1].paidAt ?? null;
  const refunds = refunded(facts, context.mode);
  // A product that is no longer in the catalog can't be granted by itself: the order stays PAID for a person.
  const grantable = context.items.length > 0 && context.items.every((item) => item.kind !== undefined);
  const granted = paidAt !== null && grantable;
  const effects: Effect[] = [];
  if (granted) effects.push({ event: "checkout.fulfilled", before: "PAID", after: "FULFILLED" });
  if (refunds.everFully) effects.push({ event: "order.refunded", before: "FULFILLED", after: "REFUNDED" });
  return {
    status: status(facts, context, { granted, paid: paidAt !== null, fullyRefunded: refunds.fully }),
    sessionId: paying?.[0] ?? null,
    paymentIntent: paying?.[1].paymentIntent ?? null,
    subscription: paying?.[1].subscription ?? null,
    customer: paying?.[1].customer ?? null,
    email: paying?.[1].email ?? null,
    currency: paying?.[1].currency ?? null,
    amountTotal: paying?.[1].amountTotal ?? null,
    amountRefunded: refunds.amount,
    paidAt,
    grants: granted ? grants(context, paidAt, refunds) : [],
    effects,
  };
}

function status(
  facts: Facts,
  context: OrderContext,
  is: { paid: boolean; granted: boolean; fullyRefunded: boolean },
): OrderStatus {
  if (is.fullyRefunded) return "REFUNDED";
  if (is.granted) return "FULFILLED";
  if (is.paid) return "PAID";
  const current = context.currentSession === null ? undefined : facts.sessions[context.currentSession];
  if (current?.failedAt !== undefined) return "FAILED";
  if (current?.expiredAt !== undefined) return "CANCELED";
  return "PENDING";
}

function grants(context: OrderContext, paidAt: number, refunds: Refunded): Grant[] {
  return context.items.flatMap(({ productKey, quantity, kind }) => {
    if (kind === undefined) return [];
    const grant: Grant = {
      productKey,
      kind,
      quantity,
      state: "active",
      startsAt: paidAt,
      endsAt: null,
      reason: null,
    };
    return [
      refunds.fully ? { ...grant, state: "ended", endsAt: refunds.at ?? paidAt, reason: "refunded" } : grant,
    ];
  });
}

/** The session that paid first; ties go to the smaller id, so that every machine picks the same one. */
function firstPaid(facts: Facts): [string, SessionFact] | undefined {
  return Object.entries(facts.sessions)
    .filter(([, session]) => session.paidAt !== undefined)
    .sort(([idA, a], [idB, b]) => (a.paidAt ?? 0) - (b.paidAt ?? 0) || (idA < idB ? -1 : 1))[0];
}

type Refunded = {
  /** Given back so far, failed refunds not counted. */
  amount: number;
  /** Everything that was paid has been given back. */
  fully: boolean;
  /** It once looked so, even if a refund failed later. */
  everFully: boolean;
  at: number | null;
};

function refunded(facts: Facts, mode: OrderContext["mode"]): Refunded {
  const charges = withChargesOfRefunds(facts);
  let [amount, gross, charged] = [0, 0, 0];
  let at: number | null = null;
  for (const [id, charge] of Object.entries(charges)) {
    const refunds = Object.values(facts.refunds).filter((refund) => refund.charge === id);
    const failed = sum(refunds.filter((refund) => refund.failedAt !== undefined));
    const listed = sum(refunds);
    const stated = charge.refunded ?? 0;
    // Stripe's cumulative figure may know refunds whose own events haven't come, and the other way round.
    amount += Math.max(listed - failed, stated - failed, 0);
    gross += Math.max(listed, stated);
    charged += charge.amount ?? Number.POSITIVE_INFINITY;
    at = latest([at, charge.refundedAt ?? null, ...refunds.map((refund) => refund.createdAt ?? null)]);
  }
  const paid = Object.values(facts.sessions).filter((session) => session.paidAt !== undefined);
  const priced = paid.length > 0 && paid.every((session) => session.amountTotal !== undefined);
  // A refund that comes before the payment's own event is measured against its charge.
  const owed = priced ? paid.reduce((total, session) => total + (session.amountTotal ?? 0), 0) : charged;
  // Refunding one invoice of a plan ends nothing: a plan ends with its subscription.
  const ends = mode === "payment";
  return {
    amount,
    fully: ends && amount > 0 && amount >= owed,
    everFully: ends && gross > 0 && gross >= owed,
    at,
  };
}

/** Charges known only through one of their refunds count too. */
function withChargesOfRefunds(facts: Facts): Record<string, ChargeFact> {
  const named = Object.values(facts.refunds).flatMap((refund) =>
    refund.charge ? [[refund.charge, {}]] : [],
  );
  return { ...Object.fromEntries(named), ...facts.charges };
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

function latest(times: (number | null)[]): number | null {
  return times.reduce((last, time) => (last === null || (time !== null && time > last) ? time : last), null);
}

function sum(refunds: RefundFact[]): number {
  return refunds.reduce((total, refund) => total + (refund.amount ?? 0), 0);
}

/** Absent and undefined are the same fact, so they must be the same value. */
function compact<T extends object>(fact: T): T {
  for (const key of Object.keys(fact))
    if (Reflect.get(fact, key) === undefined) Reflect.deleteProperty(fact, key);
  return fact;
}
