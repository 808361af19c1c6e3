import Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { hasCode } from "#/stripe/errors.ts";

/** What an order may have at Stripe that never goes away there. */
export type Kept = { session: string | null; customer: string | null };

/**
 * Whether the key's account and mode have one of these. Sessions stay at Stripe, and of a deleted customer it still says that it was
 * deleted, so where both are missing they are of another account or mode, or all data of the account was deleted. Throws Stripe's error
 * when it can't be asked. Source: docs.stripe.com/api/customers/retrieve.
 */
export async function hasOneOf(stripe: StripeClient, { session, customer }: Kept): Promise<boolean> {
  if (session !== null && (await isShown(stripe.checkout.sessions.retrieve(session)))) return true;
  return customer !== null && (await isShown(stripe.customers.retrieve(customer)));
}

/** What a restricted key may not read proves nothing. */
async function isShown(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (hasCode(error, "resource_missing") || error instanceof Stripe.errors.StripePermissionError)
      return false;
    throw error;
  }
}
