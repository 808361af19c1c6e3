import { chargeRefunded } from "#/events/charge.ts";
import { dispute } from "#/events/dispute.ts";
import { fraudWarning } from "#/events/fraud-warning.ts";
import { invoiceFailed, invoicePaid, invoicePayment, invoiceToConfirm } from "#/events/invoice.ts";
import type { Reading } from "#/events/reading.ts";
import { refund } from "#/events/refund.ts";
import { sessionCompleted, sessionExpired, sessionFailed, sessionPaid } from "#/events/session.ts";
import { subscription } from "#/events/subscription.ts";

/**
 * The routing table: which of Stripe's events say something about an order, and what fact each one is. It is also
 * the list a webhook endpoint has to subscribe to. Pure: an event goes in, facts come out.
 */
export const ROUTES = {
  /** The buyer finished the page. Paid by card, it is the payment; by bank debit, the money is still on its way. */
  "checkout.session.completed": sessionCompleted,
  /** The money of a delayed payment method arrived. */
  "checkout.session.async_payment_succeeded": sessionPaid,
  /** It did not arrive; the session can't be tried again, the next attempt can. */
  "checkout.session.async_payment_failed": sessionFailed,
  /** Nobody paid in time, or we ended it because the cart changed. */
  "checkout.session.expired": sessionExpired,
  /** Carries the cumulative amount refunded, for partial and full refunds alike. */
  "charge.refunded": chargeRefunded,
  /** One refund by itself: it names only the payment intent, and is the first to come. */
  "refund.created": refund,
  /** A pending refund that went through, failed or was canceled. */
  "refund.updated": refund,
  /** The money could not be given back, so what was paid still counts. */
  "refund.failed": refund,
  /** A bank asks (nothing happens yet) or takes the money back (access is suspended). */
  "charge.dispute.created": dispute,
  /** An inquiry became a chargeback, evidence was sent, an appeal began. */
  "charge.dispute.updated": dispute,
  /** Lost ends the access, won gives it back; a lost one may still be won later. */
  "charge.dispute.closed": dispute,
  /** The money left; it may come before the dispute's own creation. */
  "charge.dispute.funds_withdrawn": dispute,
  /** The money is back: won, or a late win. */
  "charge.dispute.funds_reinstated": dispute,
  /** A card's bank suspects fraud: a dispute often follows, and a refund may prevent it. */
  "radar.early_fraud_warning.created": fraudWarning,
  /** Seats and period of a new plan. */
  "customer.subscription.created": subscription,
  /** Renewed, past due, unpaid, seats or plan changed, to be canceled or no longer: the newest state counts. */
  "customer.subscription.updated": subscription,
  /** Ended for good, at once or at the end of its period. */
  "customer.subscription.deleted": subscription,
  /** Access rests while it is paused. */
  "customer.subscription.paused": subscription,
  /** It goes on. */
  "customer.subscription.resumed": subscription,
  /** Says nothing new about access, but carries the newest state. */
  "customer.subscription.trial_will_end": subscription,
  /** Tells which invoice belongs to which plan, so that refunds and disputes of a renewal find their order. */
  "invoice.paid": invoicePaid,
  /** The same for a renewal that failed and may be paid later; its buyer is told once. */
  "invoice.payment_failed": invoiceFailed,
  /** A renewal waits for the buyer to confirm it with their bank; they are told where. */
  "invoice.payment_action_required": invoiceToConfirm,
  /** Tells which payment paid which invoice: the other half of that way. */
  "invoice_payment.paid": invoicePayment,
} satisfies Record<string, Route>;

/** What is told about a customer, of whom there may be several orders (webhooks/customer.ts). */
export const CUSTOMER_TYPES = [
  /** Deleted in the dashboard or by the API: its buyer gets a new one with the next purchase. */
  "customer.deleted",
  /** The address in it is where mails about a plan go. */
  "customer.updated",
] as const;

export function isAboutCustomer(type: string): boolean {
  return CUSTOMER_TYPES.some((known) => known === type);
}

/** Everything that an endpoint has to be told of. */
export function subscribed(): (HandledType | (typeof CUSTOMER_TYPES)[number])[] {
  return [...Object.keys(ROUTES).filter(isHandled), ...CUSTOMER_TYPES];
}

export type HandledType = keyof typeof ROUTES;

/** An object as far as it was read, or why it tells us nothing. `at` is the event's time in unix seconds. */
type Route = (object: unknown, at: number) => Reading;

export function isHandled(type: string): type is HandledType {
  return Object.hasOwn(ROUTES, type);
}

export function factsOf(type: HandledType, object: unknown, at: number): Reading {
  return ROUTES[type](object, at);
}
