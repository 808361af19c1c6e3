import type Stripe from "stripe";
import type { StripeClient } from "#/stripe/client.ts";
import { type FailedCall, failedCall, hasCode } from "#/stripe/errors.ts";

/** A subscription with its newest invoice and what has paid that, each as Stripe shows it. */
export type FoundSubscription = {
  subscription: Stripe.Subscription;
  invoice: Stripe.Invoice | undefined;
  payments: Stripe.InvoicePayment[];
};

/** Undefined where Stripe has none. Throws Stripe's error when it can't be asked. */
export async function findSubscription(
  stripe: StripeClient,
  id: string,
): Promise<FoundSubscription | undefined> {
  try {
    const subscription = await stripe.subscriptions.retrieve(id);
    const newest = subscription.latest_invoice;
    const invoiceId = typeof newest === "string" ? newest : newest?.id;
    if (!invoiceId) return { subscription, invoice: undefined, payments: [] };
    const [invoice, payments] = await Promise.all([
      stripe.invoices.retrieve(invoiceId),
      stripe.invoicePayments.list({ invoice: invoiceId, limit: 100 }),
    ]);
    return { subscription, invoice, payments: payments.data };
  } catch (error) {
    if (hasCode(error, "resource_missing")) return undefined;
    throw error;
  }
}

/** Writes on a subscription whose it is, so that everything Stripe tells of it and of its invoices names the order. */
export async function nameOrder(
  stripe: StripeClient,
  id: string,
  metadata: { order_id: string; shop: string },
  idempotencyKey: string,
): Promise<{ ok: true; id: string } | FailedCall> {
  try {
    await stripe.subscriptions.update(id, { metadata }, { idempotencyKey });
    return { ok: true, id };
  } catch (error) {
    return failedCall(error);
  }
}
