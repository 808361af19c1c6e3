import Stripe from "stripe";

/** Seconds a signature stays good: Stripe's own recommendation against replayed deliveries. */
const TOLERANCE = 300;

const { signature } = Stripe.webhooks;

/**
 * The body of a delivery, if one of the secrets signed exactly these bytes within the last five minutes.
 * Returns the reason as a sentence otherwise. No secrets means nothing can be verified, never that all is well.
 * Source: docs.stripe.com/webhooks, "Verify webhook signatures".
 */
export function verifySignature(
  body: Buffer,
  header: string | undefined,
  secrets: readonly string[],
): { ok: true; payload: string } | { ok: false; reason: string } {
  if (!signature) return { ok: false, reason: "This build of the Stripe SDK can't verify signatures." };
  if (!header) return { ok: false, reason: "The stripe-signature header is missing." };
  let reason = "No webhook secret is configured, so no delivery can be verified.";
  for (const secret of secrets) {
    try {
      signature.verifyHeader(body, header, secret, TOLERANCE);
      return { ok: true, payload: body.toString("utf8") };
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
      reason = error.message.startsWith("Timestamp outside")
        ? "The signature is older than five minutes; it may be a replay, or this machine's clock is wrong."
        : "The signature doesn't match this body and secret.";
    }
  }
  return { ok: false, reason };
}
