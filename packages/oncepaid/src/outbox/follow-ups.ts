import type { Engine } from "#/engine.ts";
import { afterJob, type Job, refundJob, toldOutside } from "#/outbox/jobs.ts";
import type { Effect, EffectName } from "#/rules/effects.ts";
import type { Happening } from "#/rules/happenings.ts";

/** The order an effect happened to. */
export type Affected = { id: string; locale: string };

/** `happenings` are told to the app and to other servers; `jobs` are the engine's own. */
type FollowUp = { happenings?: Happening[]; jobs?: Job[] };

/**
 * What follows from an effect when it is logged for the first time; `of` is the object it happened to. Pure. Every effect has
 * its line, also where nothing follows.
 */
const FOLLOW_UPS: Record<EffectName, (orderId: string, of: string) => FollowUp> = {
  "checkout.fulfilled": (orderId) => ({ happenings: [{ type: "order.fulfilled", orderId }] }),
  "booking.refused": (orderId) => ({
    jobs: [refundJob(orderId, "no_place_left")],
    happenings: [{ type: "booking.refused", orderId }],
  }),
  "trial.started": (orderId, subscriptionId) => ({
    jobs: [{ queue: "trial_card", key: `trial_card:${subscriptionId}`, data: { orderId, subscriptionId } }],
  }),
  "payment.processing": (orderId) => ({ happenings: [{ type: "payment.processing", orderId }] }),
  "checkout.session.async_payment_failed": paymentFailed,
  "invoice.payment_failed": paymentFailed,
  "invoice.payment_action_required": (orderId, invoiceId) => ({
    happenings: [{ type: "payment.action_required", orderId, invoiceId }],
  }),
  "refund.created": (orderId, refundId) => ({
    happenings: [{ type: "order.refunded", orderId, refundId, chargeId: null }],
  }),
  // All of a payment is back: known from its charge even where its refunds' own events never came.
  "charge.refunded": (orderId, chargeId) => ({
    happenings: [{ type: "order.refunded", orderId, refundId: null, chargeId }],
  }),
  "refund.failed": (orderId, refundId) => ({
    ...resumeBilling(orderId, refundId),
    happenings: [{ type: "refund.failed", orderId, refundId }],
  }),
  "dispute.opened": dispute("dispute.opened"),
  "dispute.lost": dispute("dispute.lost"),
  "dispute.won": (orderId, disputeId) => ({
    ...resumeBilling(orderId, disputeId),
    ...dispute("dispute.won")(orderId, disputeId),
  }),
  "subscription.canceled": (orderId, subscriptionId) => ({
    happenings: [{ type: "order.canceled", orderId, subscriptionId }],
  }),
  "radar.early_fraud_warning": (orderId, warningId) => ({
    jobs: [{ queue: "fraud_warning", key: `fraud_warning:${warningId}`, data: { orderId, warningId } }],
    happenings: [{ type: "payment.early_fraud_warning", orderId, warningId }],
  }),
  "billing.checked": stopBilling,
  "plan.duplicate": (orderId) => stopBilling(orderId, "duplicate"),
  "plan.granted": (orderId) => resumeBilling(orderId, "duplicate"),
  // What a ruling changes is told as a changed entitlement.
  "access.ended": () => ({}),
  "access.restored": resumeBilling,
};

function paymentFailed(orderId: string, stripeId: string): FollowUp {
  return { happenings: [{ type: "payment.failed", orderId, stripeId }] };
}

function stopBilling(orderId: string, cause: string): FollowUp {
  return {
    jobs: [{ queue: "stop_billing", key: `stop_billing:${orderId}:${cause}`, data: { orderId, cause } }],
  };
}

/** What may give the access of a plan back. */
function resumeBilling(orderId: string, because: string): FollowUp {
  return {
    jobs: [{ queue: "resume_billing", key: `resume_billing:${orderId}:${because}`, data: { orderId } }],
  };
}

function dispute(type: "dispute.opened" | "dispute.lost" | "dispute.won") {
  return (orderId: string, disputeId: string): FollowUp => ({ happenings: [{ type, orderId, disputeId }] });
}

/** What the app and other servers are told of an effect. */
export function happeningsAfter({ name, of }: Effect, { id }: Pick<Affected, "id">): Happening[] {
  return FOLLOW_UPS[name](id, of ?? "").happenings ?? [];
}

/** The engine's own work because of an effect. */
export function ownJobsAfter({ name, of }: Effect, { id }: Pick<Affected, "id">): Job[] {
  return FOLLOW_UPS[name](id, of ?? "").jobs ?? [];
}

/** The work an effect causes. */
export function jobsAfter(engine: Engine, effect: Effect, order: Affected): Job[] {
  const told = happeningsAfter(effect, order).flatMap((happening) => jobsOf(engine, happening, order));
  return [...ownJobsAfter(effect, order), ...told];
}

/**
 * The work that telling a happening is: the app's own jobs, the app's handler that runs afterwards, and the outbound webhook
 * where it is one.
 */
export function jobsOf(engine: Engine, happening: Happening, order: Affected): Job[] {
  const outside = toldOutside(happening);
  return [
    ...engine.queues.after(happening, order),
    ...(engine.hooks.after.has(happening.type) ? [afterJob(happening)] : []),
    ...(outside ? [outside] : []),
  ];
}
