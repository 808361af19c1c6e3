import { z } from "zod";
import { stripe } from "#/stripe/client.ts";

const named = z.object({ id: z.string(), object: z.string() });

/**
 * The same object as Stripe shows it now, in the API version of this SDK. Throws Stripe's error when it can't be
 * read, so that the event fails and is tried again.
 */
export async function readAgain(object: unknown): Promise<unknown> {
  const { id, object: type } = named.parse(object);
  switch (type) {
    case "checkout.session":
      return stripe().checkout.sessions.retrieve(id);
    case "charge":
      return stripe().charges.retrieve(id);
    case "refund":
      return stripe().refunds.retrieve(id);
    case "dispute":
      return stripe().disputes.retrieve(id);
    case "subscription":
      return stripe().subscriptions.retrieve(id);
    case "invoice":
      return stripe().invoices.retrieve(id);
    case "invoice_payment":
      return stripe().invoicePayments.retrieve(id);
    default:
      throw new Error(`Objects of type ${type} can't be read again.`);
  }
}
