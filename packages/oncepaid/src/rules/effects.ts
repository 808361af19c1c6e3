import type { OrderStatus } from "#/rules/status.ts";

/**
 * What happens to an order once: each effect is a row of the fulfillment log, and what is to be done because of it is written
 * with that row (outbox/follow-ups.ts). The stored name never changes.
 */
export type EffectName =
  | "checkout.fulfilled"
  | "booking.refused"
  | "trial.started"
  /** The buyer is done, and the money is on its way: bank payments take days. */
  | "payment.processing"
  | "checkout.session.async_payment_failed"
  | "invoice.payment_failed"
  | "invoice.payment_action_required"
  | "charge.refunded"
  | "refund.created"
  | "refund.failed"
  | "dispute.opened"
  | "dispute.lost"
  | "dispute.won"
  | "access.ended"
  | "access.restored"
  | "subscription.canceled"
  | "radar.early_fraud_warning"
  /** Something may have ended the access of a plan for good, so whether billing goes on is asked. */
  | "billing.checked"
  /** Paid, and the buyer has the plan through another order. */
  | "plan.duplicate"
  /** Granted after all, because the buyer lost the plan that they had through the other order. */
  | "plan.granted";

export type Effect = {
  name: EffectName;
  /** The object it happened to: one of Stripe's, or a ruling. Null for what happens to the order as a whole. */
  of: string | null;
  before: OrderStatus;
  after: OrderStatus;
};

/** The name an effect is stored under: "refund.created re_1". */
export function storedName({ name, of }: Pick<Effect, "name" | "of">): string {
  return of === null ? name : `${name} ${of}`;
}
