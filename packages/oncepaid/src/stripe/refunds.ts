import type { StripeClient } from "#/stripe/client.ts";
import { hasCode, isKeyOfOtherCall, isReplayed, keyOfHour, reasonOf } from "#/stripe/errors.ts";

export type RefundResult = { ok: true } | { ok: false; reason: string };

/**
 * Gives back what is left of a payment. Stripe refuses to give back more than was paid, so however often and from
 * wherever this is called, the buyer gets the money once; one that was given back already counts as done.
 * Source: docs.stripe.com/api/refunds/create, error code `charge_already_refunded`.
 */
export async function refundPayment(
  stripe: StripeClient,
  paymentIntent: string,
  metadata: Record<string, string>,
  idempotencyKey: string,
): Promise<RefundResult> {
  const first = await createRefund(stripe, paymentIntent, metadata, idempotencyKey);
  if (first.ok || !first.keySpent) return first;
  return createRefund(stripe, paymentIntent, metadata, keyOfHour(idempotencyKey));
}

async function createRefund(
  stripe: StripeClient,
  payment_intent: string,
  metadata: Record<string, string>,
  idempotencyKey: string,
): Promise<{ ok: true } | { ok: false; reason: string; keySpent: boolean }> {
  try {
    await stripe.refunds.create({ payment_intent, metadata }, { idempotencyKey });
    return { ok: true };
  } catch (error) {
    if (hasCode(error, "charge_already_refunded")) return { ok: true };
    return { ok: false, reason: reasonOf(error), keySpent: isReplayed(error) || isKeyOfOtherCall(error) };
  }
}
