import Stripe from "stripe";

/** How long a signature stays good: Stripe's own recommendation against deliveries that somebody sends again. */
const SIGNATURE_TOLERANCE_SECONDS = 300;

const { signature } = Stripe.webhooks;

/**
 * The body of a delivery, if one of the secrets signed exactly these bytes within the last five minutes. Otherwise the reason,
 * as a sentence; it never throws, because anybody may send anything. Without secrets nothing is verified.
 * Source: docs.stripe.com/webhooks, "Verify webhook signatures".
 */
export function verifySignature(
  body: Buffer,
  header: string | undefined,
  secrets: readonly string[],
): { ok: true; payload: string } | { ok: false; reason: string } {
  if (!signature) return { ok: false, reason: "This build of the Stripe SDK can't verify signatures." };
  if (!header) return { ok: false, reason: "The stripe-signature header is missing." };
  // The SDK makes a text of bytes by itself, for each secret once more.
  const payload = body.toString("utf8");
  let reason = "No webhook secret is configured, so no delivery can be verified.";
  for (const secret of secrets) {
    try {
      signature.verifyHeader(payload, header, secret, SIGNATURE_TOLERANCE_SECONDS);
      return { ok: true, payload };
    } catch (error) {
      // The SDK throws errors of other classes too, for example where the signature is empty or has another length.
      reason = refusalOf(error);
    }
  }
  return { ok: false, reason };
}

function refusalOf(error: unknown): string {
  return error instanceof Error && error.message.startsWith("Timestamp outside")
    ? "The signature is older than five minutes; it may be a replay, or this machine's clock is wrong."
    : "The signature doesn't match this body and secret.";
}

/** What Stripe would send as `stripe-signature` with these bytes now. */
export function signatureOf(payload: string, secret: string): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, secret });
}
