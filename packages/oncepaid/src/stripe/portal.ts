import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { isMissing, reasonOf } from "#/stripe/errors.ts";

/**
 * A short-lived page of Stripe for one customer, as the account's default configuration allows, or the newest one where no
 * default was saved. Source: docs.stripe.com/api/customer_portal/sessions/create.
 */
export async function createPortalSession(
  stripe: StripeClient,
  { customer, returnUrl, flow }: { customer: string; returnUrl: string; flow?: PortalFlow | undefined },
): Promise<{ ok: true; url: string } | { ok: false; missing: boolean; reason: string }> {
  try {
    const { url } = await openSession(stripe, {
      customer,
      return_url: returnUrl,
      ...(flow && { flow_data: flowData(flow) }),
    });
    return { ok: true, url };
  } catch (error) {
    return { ok: false, missing: isMissing(error, "customer"), reason: reasonOf(error) };
  }
}

/** One thing the page is opened for; without one it shows everything. Stripe's words. */
export type PortalFlow =
  | { type: "payment_method_update" }
  | { type: "subscription_cancel" | "subscription_update"; subscription: string };

function flowData(flow: PortalFlow): Stripe.BillingPortal.SessionCreateParams.FlowData {
  if (flow.type === "payment_method_update") return { type: flow.type };
  const { type, subscription } = flow;
  return type === "subscription_cancel"
    ? { type, subscription_cancel: { subscription } }
    : { type, subscription_update: { subscription } };
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
  return (await newest(stripe))?.id;
}

/** Whether seats and plans can be changed there. */
export async function changesPlans(stripe: StripeClient): Promise<boolean> {
  return (await newest(stripe))?.features.subscription_update.enabled === true;
}

async function newest(stripe: StripeClient): Promise<Stripe.BillingPortal.Configuration | undefined> {
  const { data } = await stripe.billingPortal.configurations.list({ active: true, limit: 1 });
  return data[0];
}

type Features = Stripe.BillingPortal.ConfigurationCreateParams.Features;
/** What a subscription can be changed to: a plan's prices, which are one product of Stripe's, and its seats. */
export type Seats = Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate.Product;

/** The most products Stripe takes. Source: docs.stripe.com/api/customer_portal/configurations/create. */
const MAX_PRODUCTS = 10;

/**
 * What the account page promises: seats and plans can be changed, a subscription ended at the end of its period and taken up again
 * until then, cards and invoices looked after. Source: docs.stripe.com/customer-management/configure-portal.
 */
export function portalFeatures(products: readonly Seats[]): Features {
  return {
    customer_update: { enabled: true, allowed_updates: ["address", "email", "name", "phone", "tax_id"] },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: true, mode: "at_period_end" },
    ...(products.length > 0 && {
      subscription_update: {
        enabled: true,
        default_allowed_updates: products.some(({ prices }) => prices.length > 1)
          ? ["quantity", "price"]
          : ["quantity"],
        proration_behavior: "create_prorations",
        products: products.slice(0, MAX_PRODUCTS),
      },
    }),
  };
}

/** Makes a configuration with all of that. */
export async function createConfiguration(
  stripe: StripeClient,
  returnUrl: string,
  products: readonly Seats[],
): Promise<string> {
  const features = portalFeatures(products);
  const { id } = await stripe.billingPortal.configurations.create({
    default_return_url: returnUrl,
    features,
  });
  return id;
}
