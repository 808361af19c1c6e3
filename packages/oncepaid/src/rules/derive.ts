import { type Access, accessOf } from "#/rules/access.ts";
import { type Effect, type EffectName, storedName } from "#/rules/effects.ts";
import type { Facts, SessionFact } from "#/rules/facts.ts";
import type { Grant, OrderedItem, Sold } from "#/rules/grants.ts";
import { refunded } from "#/rules/refunds.ts";
import { type Place, type PlaceState, placeAfter } from "#/rules/spots.ts";
import type { OrderStatus } from "#/rules/status.ts";

/**
 * The truth about one order, as pure rules. Events become facts, facts are merged (facts.ts), and everything else is
 * derived here from nothing but facts: so the same events in any order end in the same status, access and effects.
 */

/** What the order's own rows and the catalog add to the facts. */
export type OrderContext = {
  mode: "payment" | "subscription";
  /** The session of the newest attempt: an older one that expired says nothing about the order any more. */
  currentSession: string | null;
  /** The newest attempt was given up: whatever session it had can't be paid any more. */
  closed: boolean;
  items: readonly OrderedItem[];
  /** The plan sold under a price, for what a subscription was changed to. */
  plans: Readonly<Record<string, Sold>>;
  /** The buyer has this plan through another order already. */
  taken: boolean;
  /** Its places in a slot, if it is for one. They are others' business too, so they can't follow from facts alone. */
  place: Place | null;
  /** Unix seconds: only a grace period that runs out depends on it. */
  now: number;
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
  place: PlaceState | null;
  /** When time alone will change the access, so that a sweep looks again; unix seconds. */
  recheckAt: number | null;
};

export function derive(facts: Facts, context: OrderContext): Derived {
  const paying = firstPaid(facts);
  const paidAt = paying?.[1].paidAt ?? null;
  // A product that is no longer in the catalog can't be granted by itself: the order stays PAID for a person.
  const inCatalog = context.items.length > 0 && context.items.every(({ sold }) => sold !== undefined);
  const access = accessOf(facts, context);
  const situation = {
    paid: paidAt !== null,
    givenBack: access.placeGivenBack,
    lapsed: lapsed(facts, context),
  };
  const place = context.place && placeAfter(context.place, situation);
  const granted = paidAt !== null && inCatalog && !context.taken && place !== "refused";
  const free = place === "refused" && paying?.[1].amountTotal === 0;
  return {
    status: status(facts, context, access, { paid: paidAt !== null, granted, free }),
    sessionId: paying?.[0] ?? null,
    paymentIntent: paying?.[1].paymentIntent ?? null,
    subscription: paying?.[1].subscription ?? null,
    customer: paying?.[1].customer ?? null,
    email: paying?.[1].email ?? null,
    currency: paying?.[1].currency ?? null,
    amountTotal: paying?.[1].amountTotal ?? null,
    amountRefunded: refunded(facts, context.mode).amount,
    paidAt,
    grants: granted ? access.grants(paidAt) : [],
    effects: effects(facts, { granted, refused: place === "refused" }),
    place,
    recheckAt: granted ? access.recheckAt : null,
  };
}

function status(
  facts: Facts,
  context: OrderContext,
  access: Access,
  is: { paid: boolean; granted: boolean; free: boolean },
): OrderStatus {
  if (access.givenBack) return "REFUNDED";
  if (is.granted && access.canceled) return "CANCELED";
  if (is.granted) return "FULFILLED";
  // Refused, and there is nothing to give back.
  if (is.free) return "CANCELED";
  if (is.paid) return "PAID";
  if (current(facts, context)?.failedAt !== undefined) return "FAILED";
  return lapsed(facts, context) ? "CANCELED" : "PENDING";
}

/** Unless it was paid all the same: nobody can pay the newest attempt any more. */
function lapsed(facts: Facts, context: OrderContext): boolean {
  const session = current(facts, context);
  return context.closed || session?.failedAt !== undefined || session?.expiredAt !== undefined;
}

function current(facts: Facts, { currentSession }: OrderContext): SessionFact | undefined {
  return currentSession === null ? undefined : facts.sessions[currentSession];
}

/**
 * What happened, once each, named after the object it happened to. More facts only ever add to these, so the log holds
 * the same rows whatever the order of events was.
 */
function effects(facts: Facts, is: { granted: boolean; refused: boolean }): Effect[] {
  const happened: Effect[] = [];
  const add = (name: EffectName, of: string | null, before: OrderStatus, after: OrderStatus) =>
    happened.push({ name, of, before, after });
  if (is.granted) add("checkout.fulfilled", null, "PAID", "FULFILLED");
  if (is.refused) add("booking.refused", null, "PAID", "PAID");
  for (const [id, { failedAt }] of Object.entries(facts.sessions)) {
    if (failedAt !== undefined) add("checkout.session.async_payment_failed", id, "PENDING", "FAILED");
  }
  for (const [id, { failedAt }] of Object.entries(facts.invoices)) {
    if (failedAt !== undefined) add("invoice.payment_failed", id, "FULFILLED", "FULFILLED");
  }
  for (const [id, { amount = 0, refunded = 0 }] of Object.entries(facts.charges)) {
    if (amount > 0 && refunded >= amount) add("charge.refunded", id, "FULFILLED", "REFUNDED");
  }
  for (const [id, { failedAt }] of Object.entries(facts.refunds)) {
    add("refund.created", id, "FULFILLED", "FULFILLED");
    if (failedAt !== undefined) add("refund.failed", id, "REFUNDED", "FULFILLED");
  }
  for (const [id, { openedAt, lostAt, wonAt }] of Object.entries(facts.disputes)) {
    if (openedAt !== undefined) add("dispute.opened", id, "FULFILLED", "FULFILLED");
    if (lostAt !== undefined) add("dispute.lost", id, "FULFILLED", "REFUNDED");
    if (wonAt !== undefined) add("dispute.won", id, "REFUNDED", "FULFILLED");
  }
  for (const [id, { access }] of Object.entries(facts.rulings)) {
    add(`access.${access}`, id, "FULFILLED", "FULFILLED");
  }
  for (const [id, { status, trialStart }] of Object.entries(facts.subscriptions)) {
    if (is.granted && trialStart !== undefined) add("trial.started", id, "FULFILLED", "FULFILLED");
    if (status === "canceled") add("subscription.canceled", id, "FULFILLED", "CANCELED");
  }
  return happened.sort((a, b) => (storedName(a) < storedName(b) ? -1 : 1));
}

/** The session that paid first; ties go to the smaller id, so that every machine picks the same one. */
function firstPaid(facts: Facts): [string, SessionFact] | undefined {
  return Object.entries(facts.sessions)
    .filter(([, session]) => session.paidAt !== undefined)
    .sort(([idA, a], [idB, b]) => (a.paidAt ?? 0) - (b.paidAt ?? 0) || (idA < idB ? -1 : 1))[0];
}
