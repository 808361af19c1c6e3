import type Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { hasCode, reasonOf } from "#/stripe/errors.ts";

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

/** An invoice as Stripe shows it, when it was paid, in unix seconds, and what paid it; with the session that made it, where that was read. */
export type PaidInvoice = {
  invoice: Stripe.Invoice;
  paidAt: number;
  payments: Stripe.InvoicePayment[];
  session?: Stripe.Checkout.Session;
};

/** Invoices that cost nothing are passed over, so many at most: what was paid before them is too old to give back. */
const NEWEST = 20;

/**
 * The invoice of a subscription that was paid last and cost something, in one read; null where there is none, or Stripe doesn't have the
 * subscription. `failed`: Stripe can't be asked. Source: docs.stripe.com/api/invoices/list.
 */
export async function newestPaidInvoice(
  stripe: StripeClient,
  subscription: string,
): Promise<PaidInvoice | null | { failed: string }> {
  try {
    const call = { subscription, status: "paid" as const, limit: NEWEST, expand: ["data.payments"] };
    const paid = (await stripe.invoices.list(call)).data.flatMap((invoice) => asPaid(invoice) ?? []);
    return paid.sort((a, b) => b.paidAt - a.paidAt)[0] ?? null;
  } catch (error) {
    return hasCode(error, "resource_missing") ? null : { failed: reasonOf(error) };
  }
}

/**
 * The invoice a Checkout Session made, where it was paid and cost something, in one read; null and `failed` as above.
 * Source: docs.stripe.com/api/checkout/sessions/object, `invoice`.
 */
export async function paidInvoiceOf(
  stripe: StripeClient,
  sessionId: string,
): Promise<PaidInvoice | null | { failed: string }> {
  try {
    const session = await stripe.checkout.sessions.retrieve(sessionId, { expand: ["invoice.payments"] });
    const { invoice } = session;
    const paid = invoice instanceof Object && invoice.status === "paid" ? asPaid(invoice) : undefined;
    return paid ? { ...paid, session } : null;
  } catch (error) {
    return hasCode(error, "resource_missing") ? null : { failed: reasonOf(error) };
  }
}

function asPaid(invoice: Stripe.Invoice): PaidInvoice | undefined {
  const { amount_paid, created, payments, status_transitions } = invoice;
  if (amount_paid === 0) return undefined;
  const paidAt = status_transitions.paid_at ?? created;
  return { invoice, paidAt, payments: (payments?.data ?? []).filter(({ status }) => status === "paid") };
}
