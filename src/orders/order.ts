import type { Facts, SessionFact } from "#/orders/facts.ts";
import { type Refunded, refunded } from "#/orders/refunds.ts";

/**
 * The truth about one order, as pure rules. Events become facts, facts are merged (facts.ts), and everything else is
 * derived here from nothing but facts: so the same events in any order end in the same status, access and effects.
 */

export type OrderStatus = "PENDING" | "PAID" | "FULFILLED" | "CANCELED" | "REFUNDED" | "FAILED";

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
