import Stripe from "stripe";
import { isOver } from "#/rules/subscription-state.ts";
import type { StripeClient } from "#/stripe/client.ts";

/**
 * The fingerprint of the card a subscription is to be paid with: one card number has one, whoever uses it. Null when it
 * isn't paid by card, or Stripe doesn't have the subscription. Throws Stripe's error when it can't be asked.
 */
export async function cardOfSubscription(stripe: StripeClient, id: string): Promise<string | null> {
  const expand = ["default_payment_method", "customer.invoice_settings.default_payment_method"];
  const subscription = await known(stripe.subscriptions.retrieve(id, { expand }));
  const customer = subscription?.customer;
  const ofCustomer =
    typeof customer === "object" && !customer.deleted
      ? customer.invoice_settings.default_payment_method
      : null;
  const method = subscription?.default_payment_method ?? ofCustomer;
  return typeof method === "object" ? (method?.card?.fingerprint ?? null) : null;
}

/** Ends a subscription now; one that has ended already, or is unknown, is as good. */
export async function cancelSubscription(stripe: StripeClient, id: string): Promise<void> {
  await known(stripe.subscriptions.cancel(id));
}

/** Whether it has ended, or was never there. Throws Stripe's error when it can't be asked. */
export async function hasEnded(stripe: StripeClient, id: string): Promise<boolean> {
  const subscription = await known(stripe.subscriptions.retrieve(id));
  return subscription === undefined || isOver(subscription.status);
}

/** Its invoices are void until somebody resumes it. Source: docs.stripe.com/billing/subscriptions/pause-payment. */
export async function pauseCollection(stripe: StripeClient, id: string): Promise<void> {
  await known(stripe.subscriptions.update(id, { pause_collection: { behavior: "void" } }));
}

/** Its next invoices are collected again; those that were void stay so. */
export async function resumeCollection(stripe: StripeClient, id: string): Promise<void> {
  await known(stripe.subscriptions.update(id, { pause_collection: "" }));
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
