import Stripe from "stripe";
import { z } from "zod";
import type { StripeClient } from "#/stripe/client.ts";

const named = z.object({ id: z.string(), object: z.string() });

/**
 * The same object as Stripe shows it now, in the API version of this SDK; undefined when Stripe doesn't have it or it is
 * of no type that can be read. Throws Stripe's error when it can't be asked, so that the event fails and is tried again.
 */
export async function readAgain(stripe: StripeClient, object: unknown): Promise<unknown> {
  const parsed = named.safeParse(object);
  if (!parsed.success) return undefined;
  try {
    return await retrieve(stripe, parsed.data.object, parsed.data.id);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return undefined;
    throw error;
  }
}

async function retrieve(stripe: StripeClient, type: string, id: string): Promise<unknown> {
  switch (type) {
    case "checkout.session":
      return stripe.checkout.sessions.retrieve(id);
    case "charge":
      return stripe.charges.retrieve(id);
    case "refund":
      return stripe.refunds.retrieve(id);
    case "dispute":
      return stripe.disputes.retrieve(id);
    case "subscription":
      return stripe.subscriptions.retrieve(id);
    case "invoice":
      return stripe.invoices.retrieve(id);
    case "invoice_payment":
      return stripe.invoicePayments.retrieve(id);
    default:
      return undefined;
  }
}
