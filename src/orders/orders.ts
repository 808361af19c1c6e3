import { isDeepStrictEqual } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { findProduct } from "#/catalog/products.ts";
import { database } from "#/db.ts";
import { type Facts, merge, NO_FACTS } from "#/orders/facts.ts";
import { type Derived, derive, type OrderStatus } from "#/orders/order.ts";
import { APPLY, READ, STORE_EVENT, WAIT } from "#/orders/statements.ts";

/**
 * The only writer of orders. A change is applied in two round trips: one read, then one guarded statement that
 * writes the order, its grants, its log, its links and the event together, or nothing at all.
 */

/** What somebody learned about an order: facts, whose they are, and the event that told them, if one did. */
export type Change = {
  /** The order the object itself names, if it names one. */
  orderId: string | null;
  /** The payment intent the facts belong to: the way to the order when the object names none. */
  paymentIntent: string | null;
  facts: Facts;
  /** Who brought it, for the log: `stripe` for a delivery. */
  actor: string;
  event: IncomingEvent | null;
};

export type IncomingEvent = {
  id: string;
  type: string;
  /** Unix seconds. */
  created: number;
  livemode: boolean;
  apiVersion: string | null;
  payload: string;
};

export type Outcome = "applied" | "duplicate" | "ignored" | "quarantined";
export type Applied = { outcome: Outcome; orderId: string | null; reason: string | null };

/** A writer that lost this many races in a row has met something other than a race. */
const MAX_TRIES = 100;
const SERIALIZATION_FAILURE = "40001";
const UNIQUE_VIOLATION = "23505";

/**
 * Merges facts into their order and gives or takes what follows from them. Safe to call with the same facts any
 * number of times, in any order, on any number of machines. Throws when the database can't be written.
 */
export async function applyChange(change: Change): Promise<Applied> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const known = await read(change);
    if (known.eventOutcome !== null && known.eventOutcome !== "failed") {
      return { outcome: "duplicate", orderId: known.order?.id ?? null, reason: null };
    }
    const applied = await tryToApply(change, known);
    if (applied) return applied;
  }
  throw new Error(
    `Gave up after ${MAX_TRIES} lost races for order ${change.orderId ?? change.paymentIntent}.`,
  );
}

/** Keeps an event that changes nothing, so that it is known and never asked for again. */
export async function keepEvent(
  event: IncomingEvent,
  outcome: "applied" | "ignored" | "quarantined",
  reason: string | null,
  orderId: string | null = null,
): Promise<Applied> {
  const { rows } = await database().pool.query({
    ...STORE_EVENT,
    values: [...eventValues(event), outcome, reason, orderId],
  });
  return { outcome: rows.length > 0 ? outcome : "duplicate", orderId, reason };
}

/** Writes down that an event could not be applied, so that the sweep tries again even if Stripe doesn't. */
export async function recordFailure(event: IncomingEvent, error: string): Promise<void> {
  await database().pool.query({ ...STORE_EVENT, values: [...eventValues(event), "failed", error, null] });
}

async function tryToApply(change: Change, known: Known): Promise<Applied | null> {
  const { order, link } = known;
  if (!order) return change.orderId ? unknownOrder(change) : waitForOrder(change, link);
  if (link?.orderId && link.orderId !== order.id) {
    return quarantine(
      change,
      `It names order ${order.id}, but its payment belongs to order ${link.orderId}.`,
    );
  }
  const facts = merge(merge(order.facts, link?.facts ?? NO_FACTS), change.facts);
  const derived = derive(facts, order);
  const claims = change.paymentIntent !== null && !link?.orderId;
  if (!claims && derived.status === order.status && isDeepStrictEqual(facts, order.facts)) {
    return change.event
      ? keepEvent(change.event, "applied", null, order.id)
      : { outcome: "applied", orderId: order.id, reason: null };
  }
  return write(change, order, link, facts, derived);
}

async function write(
  change: Change,
  order: KnownOrder,
  link: KnownLink | null,
  facts: Facts,
  derived: Derived,
): Promise<Applied | null> {
  const fulfilled = derived.effects.some((effect) => effect.event === "checkout.fulfilled");
  try {
    const { rows } = await database().pool.query<{ id: string }>({
      ...APPLY,
      values: [
        order.id,
        order.version,
        derived.status,
        derived.email,
        derived.currency,
        derived.amountTotal,
        derived.amountRefunded,
        derived.sessionId,
        derived.paymentIntent,
        derived.subscription,
        derived.customer,
        JSON.stringify(facts),
        derived.paidAt,
        fulfilled,
        JSON.stringify(derived.grants.map((grant) => ({ id: uuidv7(), ...grant }))),
        JSON.stringify(derived.effects),
        change.actor,
        change.paymentIntent,
        link?.version ?? null,
        link?.orderId ?? null,
        ...(change.event ? eventValues(change.event) : NO_EVENT),
      ],
    });
    return rows.length > 0 ? { outcome: "applied", orderId: order.id, reason: null } : null;
  } catch (error) {
    if (isDatabaseError(error, SERIALIZATION_FAILURE)) return null;
    // Stripe's object already belongs to another order: applying it twice would sell one payment two times.
    if (isDatabaseError(error, UNIQUE_VIOLATION)) {
      return quarantine(
        change,
        `A Stripe object it names already belongs to another order than ${order.id}.`,
      );
    }
    throw error;
  }
}

function unknownOrder(change: Change): Promise<Applied> {
  return quarantine(change, `It names order ${change.orderId}, which does not exist here.`);
}

async function quarantine(change: Change, reason: string): Promise<Applied> {
  if (change.event) return keepEvent(change.event, "quarantined", reason);
  return { outcome: "quarantined", orderId: null, reason };
}

/** No order is known for this payment yet: the facts wait under the payment intent until an order claims it. */
async function waitForOrder(change: Change, link: KnownLink | null): Promise<Applied | null> {
  const reason = change.paymentIntent
    ? `No order is known for ${change.paymentIntent} yet; kept until one is.`
    : "It doesn't belong to an order of ours.";
  if (!change.event) return { outcome: "ignored", orderId: null, reason };
  if (!change.paymentIntent) return keepEvent(change.event, "ignored", reason);
  const facts = merge(link?.facts ?? NO_FACTS, change.facts);
  const { rows } = await database().pool.query({
    ...WAIT,
    values: [
      ...eventValues(change.event),
      reason,
      change.paymentIntent,
      JSON.stringify(facts),
      link?.version ?? null,
    ],
  });
  return rows.length > 0 ? { outcome: "ignored", orderId: null, reason } : null;
}

type KnownOrder = {
  id: string;
  version: number;
  status: OrderStatus;
  mode: "payment" | "subscription";
  currentSession: string | null;
  facts: Facts;
  items: { productKey: string; quantity: number; kind: ReturnType<typeof kindOf> }[];
};
type KnownLink = { orderId: string | null; facts: Facts; version: number };
type Known = { eventOutcome: string | null; order: KnownOrder | null; link: KnownLink | null };

type ReadRow = {
  event_outcome: string | null;
  link_order_id: string | null;
  link_version: number | null;
  link_facts: Facts | null;
  id: string | null;
  version: number;
  status: OrderStatus;
  mode: "payment" | "subscription";
  session_id: string | null;
  facts: Facts;
  items: { product_key: string; quantity: number }[] | null;
};

async function read(change: Change): Promise<Known> {
  const { rows } = await database().pool.query<ReadRow>({
    ...READ,
    values: [change.event?.id ?? null, change.orderId, change.paymentIntent],
  });
  const row = rows[0];
  if (!row) throw new Error("The read of an order always answers with one row.");
  const link =
    row.link_version === null || row.link_facts === null
      ? null
      : {
          orderId: row.link_order_id,
          facts: row.link_facts,
          version: row.link_version,
        };
  const order =
    row.id === null
      ? null
      : {
          id: row.id,
          version: row.version,
          status: row.status,
          mode: row.mode,
          currentSession: row.session_id,
          facts: row.facts,
          items: (row.items ?? []).map((item) => ({
            productKey: item.product_key,
            quantity: item.quantity,
            kind: kindOf(item.product_key),
          })),
        };
  return { eventOutcome: row.event_outcome, order, link };
}

function kindOf(productKey: string) {
  return findProduct(productKey)?.kind;
}

const NO_EVENT = [null, null, null, null, null, null] as const;

function eventValues(event: IncomingEvent) {
  return [event.id, event.type, event.created, event.livemode, event.apiVersion, event.payload] as const;
}

function isDatabaseError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
