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
} satisfies Record<string, Route>;

export type HandledType = keyof typeof ROUTES;

/** Whose facts they are: our order's id as we put it on the object, and the payment they belong to. */
export type Told = { kind: "told"; orderId: string | null; paymentIntent: string | null; facts: Facts };
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
    return {
      orderId,
      // Every session of ours names its order, so one that doesn't is somebody else's and has nothing to wait for.
      paymentIntent: orderId === null ? null : (session.payment_intent ?? null),
      facts: { ...NO_FACTS, sessions: { [session.id]: { ...known(session), ...times(session) } } },
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
    paymentIntent: charge.payment_intent ?? null,
    facts: {
      ...NO_FACTS,
      charges: { [charge.id]: { amount: charge.amount, refunded: charge.amount_refunded, refundedAt: at } },
    },
  }));
}

function refund(object: unknown, at: number): Told | Untold {
  return read(refundObject, object, (refund) => ({
    orderId: ourOrder(refund.metadata),
    paymentIntent: refund.payment_intent ?? null,
    facts: {
      ...NO_FACTS,
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

function read<T extends z.ZodType>(
  schema: T,
  object: unknown,
  tell: (object: z.output<T>) => Omit<Told, "kind">,
): Told | Untold {
  const parsed = schema.safeParse(object);
  if (!parsed.success)
    return { kind: "quarantined", reason: `Unexpected shape: ${z.prettifyError(parsed.error)}` };
  const told = tell(parsed.data);
  if (told.orderId === null && told.paymentIntent === null) {
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
