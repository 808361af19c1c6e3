import type { StripeClient } from "#/stripe/client.ts";

/**
 * The payments an invoice was paid with, by their payment intents. Throws Stripe's error when it can't be asked.
 * Source: docs.stripe.com/api/invoice-payment/list.
 */
export async function paymentIntentsOf(stripe: StripeClient, invoice: string): Promise<string[]> {
  const { data } = await stripe.invoicePayments.list({ invoice, status: "paid" });
  return data.flatMap(({ payment: { payment_intent: intent } }) =>
    intent === undefined ? [] : [typeof intent === "string" ? intent : intent.id],
  );
}
