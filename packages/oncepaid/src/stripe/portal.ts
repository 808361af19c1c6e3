import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { isMissing, reasonOf } from "#/stripe/errors.ts";

/**
 * A short-lived page of Stripe for one customer, as the account's default configuration allows, or the newest one where no
 * default was saved. Source: docs.stripe.com/api/customer_portal/sessions/create.
 */
export async function createPortalSession(
  stripe: StripeClient,
  customer: string,
  returnUrl: string,
): Promise<{ ok: true; url: string } | { ok: false; deleted: boolean; reason: string }> {
  try {
    const { url } = await openSession(stripe, { customer, return_url: returnUrl });
    return { ok: true, url };
  } catch (error) {
    return { ok: false, deleted: isMissing(error, "customer"), reason: reasonOf(error) };
  }
}

async function openSession(stripe: StripeClient, parameters: Stripe.BillingPortal.SessionCreateParams) {
  try {
    return await stripe.billingPortal.sessions.create(parameters);
  } catch (error) {
    const configuration =
      error instanceof Stripe.errors.StripeInvalidRequestError && !isMissing(error, "customer")
        ? await newestConfiguration(stripe)
        : undefined;
    if (configuration === undefined) throw error;
    return stripe.billingPortal.sessions.create({ ...parameters, configuration });
  }
}

/** The newest configuration the portal may be opened with; only the dashboard makes one the default. */
export async function newestConfiguration(stripe: StripeClient): Promise<string | undefined> {
  const { data } = await stripe.billingPortal.configurations.list({ active: true, limit: 1 });
  return data[0]?.id;
}

/** What buyers of a plan need: their card, their invoices, and the way out. */
export async function createConfiguration(stripe: StripeClient, returnUrl: string): Promise<string> {
  const { id } = await stripe.billingPortal.configurations.create({
    default_return_url: returnUrl,
    features: {
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: { enabled: true, mode: "at_period_end" },
    },
  });
  return id;
}
