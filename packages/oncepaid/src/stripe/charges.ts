import type { StripeClient } from "#/stripe/client.ts";
import { hasCode } from "#/stripe/errors.ts";

/** How much a charge was, in minor units; undefined where Stripe has no such charge. Throws Stripe's error when it can't be asked. */
export async function chargeAmount(stripe: StripeClient, id: string): Promise<number | undefined> {
  try {
    return (await stripe.charges.retrieve(id)).amount;
  } catch (error) {
    if (hasCode(error, "resource_missing")) return undefined;
    throw error;
  }
}
