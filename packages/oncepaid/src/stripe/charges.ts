import type { StripeClient } from "#/stripe/client.ts";
import { hasCode } from "#/stripe/errors.ts";

/** What Stripe took for itself, in minor units of the currency that the account is paid out in. */
export type StripeFee = { amount: number; currency: string };

/**
 * What Stripe took of a payment; undefined where nothing was booked of it yet, or Stripe has no such payment. Throws Stripe's error when
 * it can't be asked. Source: docs.stripe.com/api/balance_transactions/object, `fee`.
 */
export async function feeOf(stripe: StripeClient, paymentIntent: string): Promise<StripeFee | undefined> {
  const expand = ["latest_charge.balance_transaction"];
  try {
    const { latest_charge: charge } = await stripe.paymentIntents.retrieve(paymentIntent, { expand });
    const booked = typeof charge === "string" ? undefined : charge?.balance_transaction;
    if (typeof booked !== "object" || booked === null) return undefined;
    return { amount: booked.fee, currency: booked.currency };
  } catch (error) {
    if (hasCode(error, "resource_missing")) return undefined;
    throw error;
  }
}

/** How much a charge was, in minor units; undefined where Stripe has no such charge. Throws Stripe's error when it can't be asked. */
export async function chargeAmount(stripe: StripeClient, id: string): Promise<number | undefined> {
  try {
    return (await stripe.charges.retrieve(id)).amount;
  } catch (error) {
    if (hasCode(error, "resource_missing")) return undefined;
    throw error;
  }
}
