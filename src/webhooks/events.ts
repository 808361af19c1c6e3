import { z } from "zod";
import { type Facts, NO_FACTS } from "#/orders/facts.ts";

/**
 * The routing table: which of Stripe's events say something about an order, and what fact each one is. It is also
 * the list a webhook endpoint has to subscribe to. Pure: an event goes in, facts come out.
 */
export const ROUTES = {
  /** The buyer finished the page. Paid by card, it is the payment; by bank debit, the money is still on its way. */
  "checkout.session.completed": sessionCompleted,
  /** The money of a delayed payment method arrived. */
  "checkout.session.async_payment_succeeded": sessionPaid,
  /** It did not arrive; the session can't be tried again, the next attempt can. */
  "checkout.session.async_payment_failed": sessionFailed,
  /** Nobody paid in time, or we ended it because the cart changed. */
  "checkout.session.expired": sessionExpired,
  /** Carries the cumulative amount refunded, for partial and full refunds alike. */
  "charge.refunded": chargeRefunded,
  /** One refund by itself: it names only the payment intent, and is the first to come. */
  "refund.created": refund,
  /** A pending refund that went through, failed or was canceled. */
  "refund.updated": refund,
  /** The money could not be given back, so what was paid still counts. */
  "refund.failed": refund,
  /** A bank asks (nothing happens yet) or takes the money back (access is suspended). */
  "charge.dispute.created": dispute,
  /** An inquiry became a chargeback, evidence was sent, an appeal began. */
  "charge.dispute.updated": dispute,
  /** Lost ends the access, won gives it back; a lost one may still be won later. */
  "charge.dispute.closed": dispute,
  /** The money left; it may come before the dispute's own creation. */
  "charge.dispute.funds_withdrawn": dispute,
  /** The money is back: won, or a late win. */
  "charge.dispute.funds_reinstated": dispute,
  /** Seats and period of a new plan. */
  "customer.subscription.created": subscription,
  /** Renewed, past due, unpaid, seats or plan changed, to be canceled or no longer: the newest state counts. */
  "customer.subscription.updated": subscription,
  /** Ended for good, at once or at the end of its period. */
  "customer.subscription.deleted": subscription,
  /** Access rests while it is paused. */
  "customer.subscription.paused": subscription,
  /** It goes on. */
  "customer.subscription.resumed": subscription,
  /** Says nothing new about access, but carries the newest state. */
  "customer.subscription.trial_will_end": subscription,
  /** Tells which invoice belongs to which plan, so that refunds and disputes of a renewal find their order. */
  "invoice.paid": invoice,
  /** The same for a renewal that failed and may be paid later. */
  "invoice.payment_failed": invoice,
  /** The same for one that waits for the buyer's bank. */
  "invoice.payment_action_required": invoice,
  /** Tells which payment paid which invoice: the other half of that way. */
  "invoice_payment.paid": invoicePayment,
} satisfies Record<string, Route>;

export type HandledType = keyof typeof ROUTES;

/** Whose facts they are: our order's id as we put it on the object, and the objects (`facts.links`) they belong to. */
export type Told = {
  kind: "told";
  orderId: string | null;
  facts: Facts;
  /**
   * Objects of ours always name their order, except refunds, disputes and what leads from a renewal's payment to its
   * plan: those wait until their order is known. Anything else without a known order is somebody else's.
   */
  waits: boolean;
};
export type Untold = { kind: "ignored" | "quarantined"; reason: string };

/** An object as far as it was read, or why it tells us nothing. `at` is the event's time in unix seconds. */
type Route = (object: unknown, at: number) => Told | Untold;

export function isHandled(type: string): type is HandledType {
  return Object.hasOwn(ROUTES, type);
}

export function factsOf(type: HandledType, object: unknown, at: number): Told | Untold {
  return ROUTES[type](object, at);
}

/** A session as it was read from Stripe, without an event that names the change. */
export function factsOfSession(object: unknown, at: number): Told | Untold {
  return session(object, ({ status, payment_status }) => {
    if (status === "expired") return { expiredAt: at };
    if (status !== "complete") return {};
    return payment_status === "unpaid" ? { completedAt: at } : { completedAt: at, paidAt: at };
  });
}

const id = z.string().min(1).max(255);
const seconds = z.int().nonnegative();
const minorUnits = z.int().nonnegative();
/** Objects in events are never expanded, but one read again may be. */
const reference = z
  .union([id, z.object({ id }).transform((object) => object.id)])
  .nullish()
  .transform((value) => value ?? undefined);
const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});
const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

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

const chargeObject = z.object({
  id,
  metadata,
  amount: minorUnits,
  amount_refunded: minorUnits,
  payment_intent: reference,
});

const refundObject = z.object({
  id,
  metadata,
  amount: minorUnits,
  charge: reference,
  created: seconds,
  payment_intent: reference,
  status: z.string().nullish(),
});

function sessionCompleted(object: unknown, at: number): Told | Untold {
  // Stripe's guide: anything but `unpaid` is to be fulfilled, `no_payment_required` included.
  return session(object, ({ payment_status }) =>
    payment_status === "unpaid" ? { completedAt: at } : { completedAt: at, paidAt: at },
  );
}

function sessionPaid(object: unknown, at: number): Told | Untold {
  return session(object, () => ({ completedAt: at, paidAt: at }));
}

function sessionFailed(object: unknown, at: number): Told | Untold {
  // Read again after a later success, the session says paid: what it says itself wins over the event's name.
  return session(object, ({ payment_status }) =>
    payment_status === "paid" ? { completedAt: at, paidAt: at } : { completedAt: at, failedAt: at },
  );
}

function sessionExpired(object: unknown, at: number): Told | Untold {
  return session(object, () => ({ expiredAt: at }));
}

function session(
  object: unknown,
  times: (session: SessionObject) => Facts["sessions"][string],
): Told | Untold {
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
    ...(session.customer !== undefined && { customer: session.customer }),
    ...(email !== undefined && { email }),
  };
}

function chargeRefunded(object: unknown, at: number): Told | Untold {
  return read(chargeObject, object, (charge) => ({
    orderId: ourOrder(charge.metadata),
    waits: true,
    facts: {
      ...NO_FACTS,
      links: links(charge.payment_intent),
      charges: { [charge.id]: { amount: charge.amount, refunded: charge.amount_refunded, refundedAt: at } },
    },
  }));
}

function refund(object: unknown, at: number): Told | Untold {
  return read(refundObject, object, (refund) => ({
    orderId: ourOrder(refund.metadata),
    waits: true,
    facts: {
      ...NO_FACTS,
      links: links(refund.payment_intent),
      refunds: {
        [refund.id]: {
          ...(refund.charge !== undefined && { charge: refund.charge }),
          amount: refund.amount,
          createdAt: refund.created,
          ...((refund.status === "failed" || refund.status === "canceled") && { failedAt: at }),
        },
      },
    },
  }));
}

const disputeObject = z.object({
  id,
  metadata,
  amount: minorUnits,
  charge: reference,
  created: seconds,
  payment_intent: reference,
  status: z.string(),
});

function dispute(object: unknown, at: number): Told | Untold {
  return read(disputeObject, object, ({ id, metadata, amount, charge, created, payment_intent, status }) => ({
    orderId: ourOrder(metadata),
    waits: true,
    facts: {
      ...NO_FACTS,
      links: links(payment_intent),
      disputes: {
        [id]: {
          ...(charge !== undefined && { charge }),
          amount,
          // An inquiry, and a dispute that was prevented, take no money back.
          ...(!status.startsWith("warning_") && status !== "prevented" && { openedAt: created }),
          ...(status === "lost" && { lostAt: at }),
          ...(status === "won" && { wonAt: at }),
        },
      },
    },
  }));
}

const subscriptionObject = z.object({
  id,
  metadata,
  status: z.string(),
  customer: reference,
  cancel_at: optional(seconds),
  ended_at: optional(seconds),
  latest_invoice: reference,
  items: z.object({
    data: z.array(
      z.object({
        price: z.object({ id }),
        quantity: optional(z.int().nonnegative()),
        current_period_start: optional(seconds),
        current_period_end: optional(seconds),
      }),
    ),
  }),
});

function subscription(object: unknown, at: number): Told | Untold {
  return read(
    subscriptionObject,
    object,
    ({ id, metadata, status, customer, cancel_at, ended_at, items, latest_invoice }) => {
      const starts = items.data.flatMap(({ current_period_start: start }) =>
        start === undefined ? [] : [start],
      );
      const ends = items.data.flatMap(({ current_period_end: end }) => (end === undefined ? [] : [end]));
      const state = {
        at,
        status,
        items: items.data.map(({ price, quantity }) => ({ price: price.id, quantity: quantity ?? 1 })),
        ...(customer !== undefined && { customer }),
        ...(starts.length > 0 && { currentPeriodStart: Math.max(...starts) }),
        ...(ends.length > 0 && { currentPeriodEnd: Math.max(...ends) }),
        ...(cancel_at !== undefined && { cancelAt: cancel_at }),
        ...(ended_at !== undefined && { endedAt: ended_at }),
      };
      return {
        orderId: ourOrder(metadata),
        waits: false,
        facts: { ...NO_FACTS, links: links(id, latest_invoice), subscriptions: { [id]: state } },
      };
    },
  );
}

const invoiceObject = z.object({
  id,
  parent: z
    .object({ subscription_details: z.object({ subscription: reference, metadata }).nullish() })
    .nullish()
    .transform((parent) => parent?.subscription_details ?? undefined),
});

function invoice(object: unknown): Told | Untold {
  return read(invoiceObject, object, ({ id, parent }) => ({
    orderId: ourOrder(parent?.metadata ?? {}),
    waits: false,
    facts: { ...NO_FACTS, links: parent ? links(id, parent.subscription) : {} },
  }));
}

const invoicePaymentObject = z.object({
  invoice: reference,
  payment: z.object({ payment_intent: reference }),
});

function invoicePayment(object: unknown): Told | Untold {
  return read(invoicePaymentObject, object, ({ invoice, payment }) => ({
    orderId: null,
    waits: true,
    facts: { ...NO_FACTS, links: links(invoice, payment.payment_intent) },
  }));
}

function links(...ids: (string | undefined)[]): Facts["links"] {
  return Object.fromEntries(ids.flatMap((id) => (id === undefined ? [] : [[id, true as const]])));
}

function read<T extends z.ZodType>(
  schema: T,
  object: unknown,
  tell: (object: z.output<T>) => Omit<Told, "kind">,
): Told | Untold {
  const parsed = schema.safeParse(object);
  if (!parsed.success)
    return { kind: "quarantined", reason: `Unexpected shape: ${z.prettifyError(parsed.error)}` };
  const told = tell(parsed.data);
  if (told.orderId === null && Object.keys(told.facts.links).length === 0) {
    return { kind: "ignored", reason: "It doesn't belong to an order of ours." };
  }
  return { kind: "told", ...told };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The order we put on the object. Others on the same Stripe account may use `order_id` too, so it is ours only if it
 * looks like an id of ours.
 */
function ourOrder(metadata: Record<string, string>, clientReference?: string | null): string | null {
  const named = metadata.order_id ?? clientReference ?? "";
  return UUID.test(named) ? named.toLowerCase() : null;
}
