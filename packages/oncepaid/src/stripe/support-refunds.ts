import type Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { type FailedCall, failedCall } from "#/stripe/errors.ts";

type NewRefund = {
  paymentIntent: string;
  /** Minor units. */
  amount: number;
  reason: Stripe.RefundCreateParams.Reason | null;
  metadata: Record<string, string>;
};

/**
 * Gives back a part of a payment, or all of it. `refused`: the same call will never succeed, for example because somebody else has given
 * more back meanwhile. Source: docs.stripe.com/api/refunds/create.
 */
export async function makeRefund(
  stripe: StripeClient,
  { paymentIntent: payment_intent, amount, reason, metadata }: NewRefund,
  idempotencyKey: string,
): Promise<{ ok: true; id: string } | FailedCall> {
  const call = { payment_intent, amount, metadata, ...(reason && { reason }) };
  try {
    return { ok: true, id: (await stripe.refunds.create(call, { idempotencyKey })).id };
  } catch (error) {
    return failedCall(error);
  }
}

/** The refund that an earlier try has made, by the action in its metadata. Throws Stripe's error when it can't be asked. */
export async function findRefund(
  stripe: StripeClient,
  paymentIntent: string,
  action: string,
): Promise<string | undefined> {
  for await (const { id, metadata } of stripe.refunds.list({ payment_intent: paymentIntent, limit: 100 })) {
    if (metadata?.support_action === action) return id;
  }
  return undefined;
}
