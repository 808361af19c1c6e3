import Stripe from "stripe";
import { messageOf } from "#/failure.ts";
import type { StripeClient } from "#/stripe/client.ts";
import { reasonOf } from "#/stripe/errors.ts";

/**
 * Pays an open session without a browser, as the fixtures of Stripe's CLI do, for a rehearsal. Only the sandbox takes it: Stripe's
 * own page wants a person.
 */
export async function payWithoutBrowser(
  stripe: StripeClient,
  sessionId: string,
  paymentMethod: string,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  const path = `/v1/payment_pages/${sessionId}/confirm`;
  try {
    await stripe.rawRequest("POST", path, { payment_method: paymentMethod, email: "verify@example.com" });
    return { ok: true };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return { ok: false, reason: reasonOf(error) };
    return { ok: false, reason: messageOf(error) };
  }
}
