import type { Locale } from "oncepaid-shop/locale.ts";
import { type Job, refundJob } from "#/outbox/jobs.ts";

/** The order an effect happened to. */
export type Affected = { id: string; locale: Locale };

/**
 * What is to be done after an effect (orders/order.ts) was logged for the first time. An effect is named
 * "what happened" or "what happened <the Stripe object it happened to>". Pure.
 */
const AFTER: Record<string, (order: Affected, stripeId: string) => Job[]> = {
  "checkout.fulfilled": ({ id, locale }) => [
    { queue: "mail", key: `receipt:${id}`, data: { mail: "receipt", orderId: id, locale } },
    told("order.fulfilled", id, id),
  ],
  "booking.refused": ({ id, locale }) => [
    refundJob(id, "no_place_left"),
    { queue: "mail", key: `booking_refused:${id}`, data: { mail: "booking_refused", orderId: id, locale } },
  ],
  "checkout.session.async_payment_failed": paymentFailed,
  "invoice.payment_failed": paymentFailed,
  "trial.started": ({ id }, subscriptionId) => [
    { queue: "trial_card", key: `trial_card:${subscriptionId}`, data: { orderId: id, subscriptionId } },
  ],
  "refund.created": ({ id, locale }, refundId) => [
    { queue: "mail", key: `refund:${refundId}`, data: { mail: "refund", orderId: id, refundId, locale } },
    told("order.refunded", id, refundId),
  ],
  "refund.failed": ({ id, locale }, refundId) => [
    { queue: "mail", key: `booking:${refundId}`, data: { mail: "booking", orderId: id, locale } },
  ],
  // All of a payment is back: known from its charge even where its refunds' own events never came.
  "charge.refunded": ({ id }, chargeId) => [told("order.refunded", id, chargeId)],
  "subscription.canceled": ({ id }, subscriptionId) => [told("order.canceled", id, subscriptionId)],
  "dispute.opened": ({ id, locale }, disputeId) => [
    {
      queue: "mail",
      key: `dispute_opened:${disputeId}`,
      data: { mail: "dispute_opened", orderId: id, disputeId, locale },
    },
  ],
};

export function jobsAfter({ event }: { event: string }, order: Affected): Job[] {
  const [happening = "", stripeId = ""] = event.split(" ");
  return AFTER[happening]?.(order, stripeId) ?? [];
}

function paymentFailed({ id, locale }: Affected, stripeId: string): Job[] {
  return [
    {
      queue: "mail",
      key: `payment_failed:${stripeId}`,
      data: { mail: "payment_failed", orderId: id, stripeId, locale },
    },
  ];
}

/** Told to the shop's own server once per order and object. */
function told(
  type: "order.fulfilled" | "order.refunded" | "order.canceled",
  orderId: string,
  of: string,
): Job {
  return { queue: "outbound_webhook", key: `${type}:${of}`, data: { type, orderId } };
}
