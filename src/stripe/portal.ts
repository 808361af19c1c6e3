import { stripe } from "#/stripe/client.ts";
import { reasonOf } from "#/stripe/errors.ts";

/**
 * A short-lived page of Stripe for one customer, as the account's default configuration allows. Source:
 * docs.stripe.com/api/customer_portal/sessions/create.
 */
export async function createPortalSession(
  customer: string,
  returnUrl: string,
): Promise<{ ok: true; url: string } | { ok: false; reason: string }> {
  try {
    const { url } = await stripe().billingPortal.sessions.create({ customer, return_url: returnUrl });
    return { ok: true, url };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}
