import type { StripeClient } from "#/stripe/client.ts";
import { hasCode, isKeyOfOtherCall, isReplayed, reasonOf } from "#/stripe/errors.ts";

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
  // Under this key Stripe would give the same answer for a day: another hour is another key.
  const hour = new Date().toISOString().slice(0, 13);
  return createRefund(stripe, paymentIntent, metadata, `${idempotencyKey}:${hour}`);
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
