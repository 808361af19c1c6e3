import type { Engine } from "#/engine.ts";
import { factsIn } from "#/events/reading.ts";
import { factsOf } from "#/events/routes.ts";
import { factsOfSession } from "#/events/session.ts";
import { type Failure, failure } from "#/failure.ts";
import { applyChange } from "#/orders/apply.ts";
import { whyNotAtStripe, whyOtherMode } from "#/orders/at-stripe.ts";
import { type Facts, NO_FACTS, type SessionFact } from "#/rules/facts.ts";
import { merge } from "#/rules/merge.ts";
import { beganWithIt } from "#/rules/trial.ts";
import { newestPaidInvoice, type PaidInvoice, paidInvoiceOf } from "#/stripe/invoices.ts";
import { type LockedOrder, readOrder } from "#/support/action.ts";

/** What an order was paid with, last and first. Which payment that was of a plan is told seconds after the plan itself, or never. */

/** `paid` is minor units. */
export type Payment = { paymentIntent: string; paid: number };

export const NOT_PAID = failure(
  "not_refundable",
  "Nothing was paid for this order that could be given back.",
);
/** Asking Stripe helps (`askPayment`). Where it has been asked, no payment of Stripe's paid the invoice. */
export const UNKNOWN_PAYMENT = failure(
  "not_refundable",
  "The newest invoice of this plan was paid with no payment of Stripe's, so nothing of it can be given back there.",
);
/** The same of what was bought beside a plan. */
export const UNKNOWN_FIRST_PAYMENT = failure(
  "not_refundable",
  "The first invoice of this plan was paid with no payment of Stripe's, so nothing of it can be given back there.",
);
const UNREACHED = failure("stripe_unavailable", "Stripe can't be asked right now; it is safe to try again.");

/** Pure: of a plan the newest invoice that was paid, else what the order was paid with. */
export function newestPayment({
  mode,
  facts,
  paymentIntent,
  amountTotal,
  subscription,
}: LockedOrder): Payment | Failure {
  if (mode === "payment") {
    return paymentIntent === null || !amountTotal ? NOT_PAID : { paymentIntent, paid: amountTotal };
  }
  if (subscription === null) return NOT_PAID;
  const paid = Object.values(facts.invoices)
    .filter(({ paidAt, amountPaid }) => paidAt !== undefined && amountPaid !== 0)
    .sort((a, b) => (b.paidAt ?? 0) - (a.paidAt ?? 0))[0];
  if (paid?.paymentIntent === undefined || paid.amountPaid === undefined) return UNKNOWN_PAYMENT;
  return { paymentIntent: paid.paymentIntent, paid: paid.amountPaid };
}

/** Pure: what was bought beside a plan was paid with the plan's first invoice; without a plan, what the order was paid with. */
export function firstPayment(order: LockedOrder): Payment | Failure {
  if (order.mode === "payment") return newestPayment(order);
  const [, bought] = paidSession(order) ?? [];
  if (!bought) return NOT_PAID;
  const invoice = order.facts.invoices[bought.invoice ?? ""];
  const paid = invoice?.amountPaid ?? bought.amountTotal;
  if (paid === 0) return NOT_PAID;
  if (invoice?.paymentIntent === undefined || paid === undefined) return UNKNOWN_FIRST_PAYMENT;
  return { paymentIntent: invoice.paymentIntent, paid };
}

/** Pure: the plan was no part of the first payment. */
export function beganWithTrial(order: LockedOrder): boolean {
  const [, bought] = paidSession(order) ?? [];
  const { trialStart } = order.facts.subscriptions[order.subscription ?? ""] ?? {};
  return beganWithIt(trialStart, bought?.paidAt);
}

/** The session the plan was bought with. */
function paidSession({ facts, subscription }: LockedOrder): [string, SessionFact] | undefined {
  return Object.entries(facts.sessions).find(
    ([, session]) => session.paidAt !== undefined && session.subscription === (subscription ?? ""),
  );
}

/**
 * Asks Stripe for a plan's newest payment, or its first. The order gets to know it as its events tell it, and whichever of the two comes first
 * changes nothing: facts of one invoice become one. Answers why nothing can be given back, where that is certain.
 */
export async function askPayment(
  engine: Engine,
  orderId: string,
  which: "newest" | "first",
): Promise<Failure | undefined> {
  const order = await readOrder(engine.database, orderId);
  if (!order?.subscription) return NOT_PAID;
  const otherMode = await whyOtherMode(engine, orderId);
  if (otherMode !== undefined) return failure("refused_by_stripe", otherMode);
  const [session = ""] = paidSession(order) ?? [];
  const found =
    which === "newest"
      ? await newestPaidInvoice(engine.stripe, order.subscription)
      : await paidInvoiceOf(engine.stripe, session);
  if (!found) {
    const reason = await whyNotAtStripe(engine, orderId);
    return reason === undefined ? NOT_PAID : failure("refused_by_stripe", reason);
  }
  if ("failed" in found) {
    engine.log.warn({ order: orderId, which, reason: found.failed }, "payment not read");
    return UNREACHED;
  }
  const facts = factsOfPaid(found);
  await applyChange(engine, { orderId, facts, waits: false, actor: "stripe", event: null });
  return undefined;
}

function factsOfPaid({ invoice, paidAt, payments, session }: PaidInvoice): Facts {
  return [
    ...(session ? [factsIn(factsOfSession(session, paidAt))] : []),
    factsIn(factsOf("invoice.paid", invoice, paidAt)),
    ...payments.map((payment) => factsIn(factsOf("invoice_payment.paid", payment, paidAt))),
  ].reduce(merge, NO_FACTS);
}
