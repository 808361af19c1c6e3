import { z } from "zod";
import {
  id,
  links,
  metadata,
  minorUnits,
  optional,
  ourOrder,
  type Reading,
  read,
  reference,
} from "#/events/reading.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";

/** What a Checkout Session tells. */

const sessionObject = z.object({
  id,
  metadata,
  client_reference_id: z.string().nullish(),
  payment_status: z.string(),
  status: z.string().nullish(),
  amount_total: optional(minorUnits),
  currency: optional(z.string()),
  customer: reference,
  customer_details: z.object({ email: optional(z.string()) }).nullish(),
  customer_email: optional(z.string()),
  payment_intent: reference,
  subscription: reference,
  invoice: reference,
});
type SessionObject = z.output<typeof sessionObject>;

export function sessionCompleted(object: unknown, at: number): Reading {
  // Stripe's guide: anything but `unpaid` is to be fulfilled, `no_payment_required` included.
  return session(object, ({ payment_status }) =>
    payment_status === "unpaid" ? { completedAt: at } : { completedAt: at, paidAt: at },
  );
}

export function sessionPaid(object: unknown, at: number): Reading {
  return session(object, () => ({ completedAt: at, paidAt: at }));
}

export function sessionFailed(object: unknown, at: number): Reading {
  // Read again after a later success, the session says paid: what it says itself wins over the event's name.
  return session(object, ({ payment_status }) =>
    payment_status === "paid" ? { completedAt: at, paidAt: at } : { completedAt: at, failedAt: at },
  );
}

export function sessionExpired(object: unknown, at: number): Reading {
  return session(object, () => ({ expiredAt: at }));
}

function session(object: unknown, times: (session: SessionObject) => Facts["sessions"][string]): Reading {
  return read(sessionObject, object, (session) => {
    const orderId = ourOrder(session.metadata, session.client_reference_id);
    const facts = { ...NO_FACTS, sessions: { [session.id]: { ...known(session), ...times(session) } } };
    // Every session of ours names its order, so one that doesn't is somebody else's and has nothing to wait for.
    if (orderId === null) return { orderId, facts, waits: false };
    return {
      orderId,
      waits: false,
      facts: { ...facts, links: links(session.payment_intent, session.subscription, session.invoice) },
    };
  });
}

function known(session: SessionObject): Facts["sessions"][string] {
  const email = session.customer_details?.email ?? session.customer_email;
  return {
    ...(session.amount_total !== undefined && { amountTotal: session.amount_total }),
    ...(session.currency !== undefined && { currency: session.currency }),
    ...(session.payment_intent !== undefined && { paymentIntent: session.payment_intent }),
    ...(session.subscription !== undefined && { subscription: session.subscription }),
    ...(session.invoice !== undefined && { invoice: session.invoice }),
    ...(session.customer !== undefined && { customer: session.customer }),
    ...(email !== undefined && { email }),
  };
}

/** A session as it was read from Stripe, without an event that names the change. */
export function factsOfSession(object: unknown, at: number): Reading {
  return session(object, ({ status, payment_status }) => {
    if (status === "expired") return { expiredAt: at };
    if (status !== "complete") return {};
    return payment_status === "unpaid" ? { completedAt: at } : { completedAt: at, paidAt: at };
  });
}
