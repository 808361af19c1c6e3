import Stripe from "stripe";
import { isOver } from "#/rules/subscription-state.ts";
import type { StripeClient } from "#/stripe/client.ts";

/**
 * Each of these says where Stripe doesn't have the subscription; whether that is so because the key is of another account is for the
 * caller to find out (orders/at-stripe.ts). They throw Stripe's error when it can't be asked.
 */

/**
 * How a subscription is now, and the fingerprint of the card that it is to be paid with: one card number has one, whoever uses it. Null
 * when it isn't paid by card. Undefined where Stripe doesn't have the subscription.
 */
export async function cardOfSubscription(
  stripe: StripeClient,
  id: string,
): Promise<{ status: string; fingerprint: string | null } | undefined> {
  const expand = ["default_payment_method", "customer.invoice_settings.default_payment_method"];
  const subscription = await known(stripe.subscriptions.retrieve(id, { expand }));
  if (!subscription) return undefined;
  const { customer } = subscription;
  const ofCustomer =
    typeof customer === "object" && !customer.deleted
      ? customer.invoice_settings.default_payment_method
      : null;
  const method = subscription.default_payment_method ?? ofCustomer;
  const card = typeof method === "object" ? method?.card : undefined;
  return { status: subscription.status, fingerprint: card?.fingerprint ?? null };
}

/** Ends a subscription now. False where Stripe has none that it could end: it has ended already, or is unknown. */
export async function cancelSubscription(stripe: StripeClient, id: string): Promise<boolean> {
  return (await known(stripe.subscriptions.cancel(id))) !== undefined;
}

/** Whether it has ended; undefined where Stripe doesn't have it. */
export async function hasEnded(stripe: StripeClient, id: string): Promise<boolean | undefined> {
  const subscription = await known(stripe.subscriptions.retrieve(id));
  return subscription && isOver(subscription.status);
}

/** Its invoices are void until somebody resumes it. Source: docs.stripe.com/billing/subscriptions/pause-payment. */
export async function pauseCollection(stripe: StripeClient, id: string): Promise<boolean> {
  const paused = stripe.subscriptions.update(id, { pause_collection: { behavior: "void" } });
  return (await known(paused)) !== undefined;
}

/** Its next invoices are collected again; those that were void stay so. */
export async function resumeCollection(stripe: StripeClient, id: string): Promise<boolean> {
  return (await known(stripe.subscriptions.update(id, { pause_collection: "" }))) !== undefined;
}

/** Undefined for what Stripe doesn't have. */
async function known<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing") {
      return undefined;
    }
    throw error;
  }
}
