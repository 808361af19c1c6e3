import { z } from "zod";
import {
  id,
  known,
  links,
  metadata,
  minorUnits,
  optional,
  ourOrder,
  type Reading,
  read,
  reference,
} from "#/events/reading.ts";
import { NO_FACTS, type SessionFact } from "#/rules/facts.ts";

/** Checkout Sessions: whether an order was paid, by whom, and whether it can be paid still. */

const sessionObject = z.object({
  id,
  metadata,
  client_reference_id: z.string().nullish(),
  payment_status: z.string(),
  status: z.string().nullish(),
  amount_total: optional(minorUnits),
  total_details: z
    .object({ amount_discount: optional(minorUnits), amount_tax: optional(minorUnits) })
    .nullish(),
  currency: optional(z.string()),
  customer: reference,
  customer_details: z.object({ email: optional(z.string()), name: optional(z.string()) }).nullish(),
  customer_email: optional(z.string()),
  payment_intent: reference,
  subscription: reference,
  invoice: reference,
});
type SessionObject = z.output<typeof sessionObject>;

export function sessionCompleted(object: unknown, at: number): Reading {
  // Stripe's guide: anything but `unpaid` is to be fulfilled, `no_payment_required` included.
  return session(object, ({ payment_status }) =>
    payment_status === "unpaid" ? { completedAt: at, processingAt: at } : { completedAt: at, paidAt: at },
  );
}

export function sessionPaid(object: unknown, at: number): Reading {
  return session(object, () => ({ completedAt: at, paidAt: at }));
}

export function sessionFailed(object: unknown, at: number): Reading {
  // The session may have been read again after a later success. What it says itself counts more than the event's name.
  return session(object, ({ payment_status }) =>
    payment_status === "paid" ? { completedAt: at, paidAt: at } : { completedAt: at, failedAt: at },
  );
}

export function sessionExpired(object: unknown, at: number): Reading {
  return session(object, () => ({ expiredAt: at }));
}

function session(object: unknown, times: (session: SessionObject) => SessionFact): Reading {
  return read(sessionObject, object, (session) => {
    const orderId = ourOrder(session.metadata, session.client_reference_id);
    const facts = {
      ...NO_FACTS,
      sessions: { [session.id]: known({ ...detailsOf(session), ...times(session) }) },
    };
    // Every session of ours names its order. One that doesn't is somebody else's: nothing leads from it to an order.
    if (orderId === null) return { orderId, facts, waits: false };
    return {
      orderId,
      waits: false,
      facts: { ...facts, links: links(session.payment_intent, session.subscription, session.invoice) },
    };
  });
}

function detailsOf(session: SessionObject): SessionFact {
  return {
    amountTotal: session.amount_total,
    amountDiscount: session.total_details?.amount_discount,
    amountTax: session.total_details?.amount_tax,
    currency: session.currency,
    paymentIntent: session.payment_intent,
    subscription: session.subscription,
    invoice: session.invoice,
    customer: session.customer,
    // An empty text is no address: a mail to it would be tried for a day.
    email: session.customer_details?.email || session.customer_email || undefined,
    name: session.customer_details?.name,
  };
}

/**
 * A session that was read from Stripe: no event says what has changed, so the session itself does. That a payment is on its way is told by
 * its event alone, so that nothing follows from looking at what was pending before.
 */
export function factsOfSession(object: unknown, at: number): Reading {
  return session(object, ({ status, payment_status }) => {
    if (status === "expired") return { expiredAt: at };
    if (status !== "complete") return {};
    return payment_status === "unpaid" ? { completedAt: at } : { completedAt: at, paidAt: at };
  });
}
