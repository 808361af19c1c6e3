import { randomBytes } from "node:crypto";
import Stripe from "stripe";

/** Events as Stripe sends them, reduced to what it promises about the fields that matter here. */
export type StripeEvent = {
  id: string;
  object: "event";
  api_version: string;
  created: number;
  type: string;
  livemode: boolean;
  pending_webhooks: number;
  request: null;
  data: { object: Record<string, unknown>; previous_attributes?: object };
};

export const WEBHOOK_SECRET = "whsec_test_secret";

export type OrderIds = { orderId: string; cartId?: string };
export type Payment = OrderIds & {
  sessionId: string;
  paymentIntent: string;
  charge?: string;
  amount?: number;
  currency?: string;
};

const AMOUNT = 1900;

export function newPayment(orderId: string, sessionId: string): Payment {
  const stem = randomBytes(8).toString("hex");
  return { orderId, sessionId, paymentIntent: `pi_${stem}`, charge: `ch_${stem}` };
}

export function event(
  type: string,
  object: Record<string, unknown>,
  more: Partial<StripeEvent> = {},
): StripeEvent {
  return {
    id: `evt_${randomBytes(12).toString("hex")}`,
    object: "event",
    api_version: Stripe.API_VERSION,
    created: Math.floor(Date.now() / 1000),
    type,
    livemode: false,
    pending_webhooks: 1,
    request: null,
    data: { object },
    ...more,
  };
}

export function sessionObject(payment: Payment, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: payment.sessionId,
    object: "checkout.session",
    mode: "payment",
    status: "complete",
    payment_status: "paid",
    amount_total: payment.amount ?? AMOUNT,
    currency: payment.currency ?? "usd",
    client_reference_id: payment.orderId,
    metadata: { order_id: payment.orderId, cart_id: payment.cartId ?? "cart-unknown" },
    payment_intent: payment.paymentIntent,
    customer: null,
    customer_details: { email: "buyer@example.com" },
    livemode: false,
    ...more,
  };
}

export function completed(payment: Payment, more: Record<string, unknown> = {}): StripeEvent {
  return event("checkout.session.completed", sessionObject(payment, more));
}

/** A charge as `charge.refunded` carries it: cumulative, with the payment intent's metadata or without. */
export function chargeRefunded(payment: Payment, refunded: number, metadata = true): StripeEvent {
  const amount = payment.amount ?? AMOUNT;
  return event("charge.refunded", {
    id: payment.charge,
    object: "charge",
    amount,
    amount_refunded: refunded,
    refunded: refunded >= amount,
    payment_intent: payment.paymentIntent,
    metadata: metadata ? { order_id: payment.orderId } : {},
  });
}

export type Plan = { status?: string; quantity?: number; price?: string; periodEnd?: number } & Record<
  string,
  unknown
>;

/** A subscription as its events carry it; `created` is when the event says it was so. */
export function subscriptionObject(
  payment: Payment,
  { status, quantity, price, periodEnd, ...more }: Plan = {},
) {
  const now = Math.floor(Date.now() / 1000);
  return {
    id: `sub_${payment.charge}`,
    object: "subscription",
    status: status ?? "active",
    customer: `cus_${payment.charge}`,
    metadata: { order_id: payment.orderId },
    cancel_at: null,
    ended_at: null,
    latest_invoice: `in_${payment.charge}`,
    items: {
      data: [
        {
          price: { id: price ?? "price_pro" },
          quantity: quantity ?? 1,
          current_period_start: now,
          current_period_end: periodEnd ?? now + 2_592_000,
        },
      ],
    },
    ...more,
  };
}

export function disputeObject(payment: Payment, status: string, id = `du_${payment.charge}`) {
  const created = Math.floor(Date.now() / 1000);
  const { charge, paymentIntent } = payment;
  return {
    id,
    object: "dispute",
    amount: AMOUNT,
    charge,
    created,
    metadata: {},
    payment_intent: paymentIntent,
    status,
  };
}

/** The body and header of a signed delivery. */
export function signed(event: unknown, secret = WEBHOOK_SECRET, timestamp = Math.floor(Date.now() / 1000)) {
  const payload = JSON.stringify(event, null, 2);
  const header = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return { payload, header };
}
