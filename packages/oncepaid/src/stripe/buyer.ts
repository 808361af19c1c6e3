import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { reasonOf } from "#/stripe/errors.ts";

/** What a buyer or the account's owner does, for a rehearsal in test mode. */

export type Done = { ok: true } | { ok: false; reason: string };

/**
 * Pays an open session without a browser, as the fixtures of Stripe's CLI do. Only a local stand-in takes it: Stripe's own page
 * wants a person.
 */
export function payWithoutBrowser(
  stripe: StripeClient,
  sessionId: string,
  paymentMethod: string,
): Promise<Done> {
  return done(() =>
    stripe.rawRequest("POST", `/v1/payment_pages/${sessionId}/confirm`, {
      payment_method: paymentMethod,
      email: "verify@example.com",
    }),
  );
}

export function cancelSubscription(stripe: StripeClient, id: string): Promise<Done> {
  return done(() => stripe.subscriptions.cancel(id));
}

async function done(act: () => Promise<unknown>): Promise<Done> {
  try {
    await act();
    return { ok: true };
  } catch (error) {
    return {
      ok: false,
      reason: error instanceof Stripe.errors.StripeError ? reasonOf(error) : String(error),
    };
  }
}
