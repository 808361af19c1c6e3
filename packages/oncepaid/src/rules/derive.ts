import { type Access, accessOf } from "#/rules/access.ts";
import { type Effect, type EffectName, storedName } from "#/rules/effects.ts";
import type { Facts, SessionFact } from "#/rules/facts.ts";
import { firstPaid } from "#/rules/first-paid.ts";
import { givenBack } from "#/rules/given-back.ts";
import type { Grant } from "#/rules/grants.ts";
import { renews } from "#/rules/kinds.ts";
import { type NotGranted, notGranted, type Obstacle } from "#/rules/not-granted.ts";
import type { OrderContext } from "#/rules/order-context.ts";
import { type SpotState, spotAfter } from "#/rules/spots.ts";
import type { OrderStatus } from "#/rules/status.ts";

/**
 * The rules of one order. Its events become facts, facts are merged (merge.ts), and everything else is derived here from the
 * facts alone: so the same events in any order end in the same status, access and effects. Pure.
 */

/** What an order is by its facts. Amounts are minor units, times unix seconds; null is not known. */
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
  /** What banks took back for good. */
  amountLost: number;
  paidAt: number | null;
  grants: Grant[];
  /** What it is for and gives no access to, each with the reason. */
  notGranted: NotGranted[];
  effects: Effect[];
  spot: SpotState | null;
  /** How many places the spot has now, where some may have been given back; null where its row stays as it is. */
  places: number | null;
  /** When time alone will change the access, so that a sweep looks again. */
  recheckAt: number | null;
};

export function derive(facts: Facts, context: OrderContext): Derived {
  const [sessionId, paying] = firstPaid(facts) ?? [null, claimed(facts)];
  const paidAt = paying?.paidAt ?? null;
  const access = accessOf(facts, context);
  const spot = spotOf(facts, context, access, paidAt !== null);
  const refused = spot === "refused";
  const { refunded, lost } = givenBack(facts, context);
  // Without its product in the catalog nobody knows what to grant: the order stays PAID for a person. What was granted before is known.
  const inCatalog = context.items.length > 0 && context.items.every(({ sold }) => sold !== undefined);
  const hasPlan = context.hasPlan || (context.duplicate === true && !context.fulfilled && access.canceled);
  const given = paidAt !== null && inCatalog && !refused ? access.grants(paidAt) : null;
  const grants = hasPlan ? null : given;
  const granted = grants !== null;
  const unpaid = paidAt === null ? whyUnpaid(facts, context, access) : null;
  return {
    status: status(facts, context, access, {
      paid: paidAt !== null,
      granted,
      // Nothing else will follow: there is nothing to give back, or it was given back with the subscription's end.
      over: (refused && paying?.amountTotal === 0) || (hasPlan && access.canceled),
    }),
    sessionId,
    paymentIntent: paying?.paymentIntent ?? null,
    subscription: paying?.subscription ?? null,
    customer: paying?.customer ?? null,
    email: paying?.email ?? null,
    currency: paying?.currency ?? null,
    amountTotal: paying?.amountTotal ?? null,
    amountRefunded: refunded,
    amountLost: lost,
    paidAt,
    grants: grants ?? endedOf(given ?? [], context),
    notGranted: notGranted(context.items, grants, { unpaid, hasPlan, refused }),
    effects: effects(facts, context, {
      granted,
      refused,
      duplicate: paidAt !== null && context.hasPlan,
      afterAll: context.duplicate === true && (grants ?? []).some(goesOn),
    }),
    spot,
    places: spot === "booked" && !context.spot?.full ? access.placesLeft : null,
    recheckAt: granted ? access.recheckAt : null,
  };
}

/** Of an order that gives nothing now: what is over of what it gave, as a plan that was changed into one its buyer has already. */
export function endedOf(grants: readonly Grant[], { fulfilled }: OrderContext): Grant[] {
  return fulfilled ? grants.filter(({ state }) => state === "ended") : [];
}

function goesOn({ kind, state }: Grant): boolean {
  return renews({ kind }) && state !== "ended";
}

function spotOf(facts: Facts, context: OrderContext, access: Access, paid: boolean): SpotState | null {
  if (!context.spot) return null;
  return spotAfter(context.spot, { paid, givenBack: access.spotGivenBack, lapsed: lapsed(facts, context) });
}

function whyUnpaid(facts: Facts, context: OrderContext, access: Access): Obstacle["unpaid"] {
  if (access.givenBack) return "given_back";
  if (current(facts, context)?.failedAt !== undefined) return "payment_failed";
  return lapsed(facts, context) ? "payment_expired" : "not_paid";
}

function status(
  facts: Facts,
  context: OrderContext,
  access: Access,
  is: { paid: boolean; granted: boolean; over: boolean },
): OrderStatus {
  if (access.givenBack) return "REFUNDED";
  if (is.granted && access.canceled) return "CANCELED";
  if (is.granted) return "FULFILLED";
  if (is.over) return "CANCELED";
  if (is.paid) return "PAID";
  if (current(facts, context)?.failedAt !== undefined) return "FAILED";
  return lapsed(facts, context) ? "CANCELED" : "PENDING";
}

/** Nobody can pay the newest attempt any more; whether it was paid before is not asked here. */
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
function effects(
  facts: Facts,
  context: OrderContext,
  is: { granted: boolean; refused: boolean; duplicate: boolean; afterAll: boolean },
): Effect[] {
  const happened: Effect[] = [];
  const add = (name: EffectName, of: string | null, before: OrderStatus, after: OrderStatus) =>
    happened.push({ name, of, before, after });
  if (is.granted) add("checkout.fulfilled", null, "PAID", "FULFILLED");
  if (is.refused) add("booking.refused", null, "PAID", "PAID");
  if (is.duplicate) add("plan.duplicate", null, "PAID", "PAID");
  if (is.afterAll) add("plan.granted", null, "PAID", "FULFILLED");
  for (const id of is.granted ? mayEndBilling(facts, context) : []) {
    add("billing.checked", id, "FULFILLED", "FULFILLED");
  }
  if (Object.values(facts.sessions).some(({ processingAt }) => processingAt !== undefined)) {
    add("payment.processing", null, "PENDING", "PENDING");
  }
  for (const [id, { failedAt }] of Object.entries(facts.sessions)) {
    if (failedAt !== undefined) add("checkout.session.async_payment_failed", id, "PENDING", "FAILED");
  }
  for (const [id, { failedAt, actionRequiredAt }] of Object.entries(facts.invoices)) {
    if (actionRequiredAt !== undefined) add("invoice.payment_action_required", id, "FULFILLED", "FULFILLED");
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
  for (const id of Object.keys(facts.warnings ?? {})) {
    add("radar.early_fraud_warning", id, "FULFILLED", "FULFILLED");
  }
  for (const [id, { access }] of Object.entries(facts.rulings)) {
    add(`access.${access}`, id, "FULFILLED", "FULFILLED");
  }
  for (const [id, { status, trialStart }] of Object.entries(facts.subscriptions)) {
    // Who gave a subscription by hand a trial has decided on it: no rule looks at that again.
    const byHand = facts.claims?.[id] !== undefined;
    if (is.granted && trialStart !== undefined && !byHand) add("trial.started", id, "FULFILLED", "FULFILLED");
    if (status === "canceled") add("subscription.canceled", id, "FULFILLED", "CANCELED");
  }
  return happened.sort((a, b) => (storedName(a) < storedName(b) ? -1 : 1));
}

/**
 * The ids of everything that may have ended a plan's access for good while its subscription goes on. Whether it has is not asked
 * here: that may change again with what is heard later, and an effect stays.
 */
function mayEndBilling(facts: Facts, { items }: OrderContext): string[] {
  const plans = items.flatMap(({ sold }) => (sold && renews(sold) ? [sold] : []));
  const subscribed = Object.values(facts.sessions).some(({ subscription }) => subscription !== undefined);
  if (plans.length === 0 || !(subscribed || Object.keys(facts.subscriptions).length > 0)) return [];
  const endsByRefund = plans.some(
    ({ policy }) => policy.onRefund === "end" || policy.onPartialRefund === "end",
  );
  return [
    ...idsOf(facts.disputes, ({ lostAt }) => lostAt !== undefined),
    ...idsOf(facts.rulings, ({ access }) => access === "ended"),
    ...idsOf(facts.refunds, () => endsByRefund),
    ...idsOf(
      facts.charges,
      ({ amount = 0, refunded = 0 }) => endsByRefund && amount > 0 && refunded >= amount,
    ),
  ];
}

function idsOf<Fact>(facts: Record<string, Fact>, holds: (fact: Fact) => boolean): string[] {
  return Object.entries(facts).flatMap(([id, fact]) => (holds(fact) ? [id] : []));
}

/** What stands for a session where a person gave the subscription its order; of several the first. */
function claimed({ claims = {} }: Facts): SessionFact | undefined {
  const [first] = Object.entries(claims).sort(
    ([idA, a], [idB, b]) => a.paidAt - b.paidAt || (idA < idB ? -1 : 1),
  );
  if (!first) return undefined;
  const [subscription, { by: _, ...claim }] = first;
  return { ...claim, subscription };
}
