import { isDeepStrictEqual } from "node:util";
import { v7 as uuidv7 } from "uuid";
import { isLostRace, isUniqueViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { isNoPlace } from "#/orders/holds.ts";
import { type Known, type KnownOrder, readKnown } from "#/orders/read.ts";
import { APPLY, WAIT } from "#/orders/statements.ts";
import {
  type Applied,
  eventValues,
  type IncomingEvent,
  keepEvent,
  NO_EVENT,
} from "#/orders/stored-events.ts";
import { jobsAfter } from "#/outbox/follow-ups.ts";
import { isOn, jobsWritten } from "#/outbox/jobs.ts";
import { type Derived, derive } from "#/rules/derive.ts";
import { storedName } from "#/rules/effects.ts";
import { type Facts, isTied, merge, NO_FACTS } from "#/rules/facts.ts";
import type { Grant } from "#/rules/grants.ts";

/**
 * The only writer of orders. A change is applied in two round trips: one read, then one guarded statement that
 * writes the order, its grants, its log, its links and the event together, or nothing at all.
 */

/** What somebody learned about an order: facts, whose they are, and the event that told them, if one did. */
export type Change = {
  /** The order the object itself names, if it names one. */
  orderId: string | null;
  /** `facts.links` are the way to the order when the object names none. */
  facts: Facts;
  /** Whether facts without a known order are kept until one claims them. */
  waits: boolean;
  /** Who brought it, for the log: `stripe` for a delivery. */
  actor: string;
  event: IncomingEvent | null;
};

/** Two states of one second contradict each other: nothing was written, and Stripe has to be asked for this object. */
export type Tied = { outcome: "tied"; subscription: string };

/** An order at one moment, as the timeline tells it. Amounts are minor units, times unix seconds. */
export type OrderSnapshot = Pick<Derived, "status" | "amountRefunded" | "place"> & {
  grants: Pick<Grant, "productKey" | "quantity" | "state" | "endsAt" | "reason">[];
};

/** A writer that lost this many races in a row has met something other than a race. */
const MAX_TRIES = 100;
/** The index that lets a user have a plan once. */
const ONE_PLAN = "entitlement_one_plan";

/**
 * Merges facts into their order and gives or takes what follows from them. Safe to call with the same facts any
 * number of times, in any order, on any number of machines. Throws when the database can't be written.
 */
export async function applyChange(engine: Engine, change: Change): Promise<Applied | Tied> {
  // Always in the same order, so that two changes don't wait for each other's links.
  let ids = Object.keys(change.facts.links).sort();
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const known = await readKnown(engine, change.event?.id ?? null, change.orderId, ids);
    if (known.eventOutcome !== null && known.eventOutcome !== "failed") {
      return { outcome: "duplicate", orderId: known.order?.id ?? null, reason: null };
    }
    // What waits under one object may name others: read on until all of them are known.
    const named = Object.keys(merged(change, known).links).filter((id) => !known.order?.facts.links[id]);
    if (named.some((id) => !ids.includes(id))) {
      ids = [...new Set([...ids, ...named])].sort();
      continue;
    }
    const applied = await tryToApply(engine, change, known, ids);
    if (applied) return applied;
  }
  throw new Error(`Gave up after ${MAX_TRIES} lost races for order ${change.orderId ?? ids.join(", ")}.`);
}

/** What is told, with what waits under the objects it names and what the order knows. */
export function merged(change: Pick<Change, "facts">, { order, links }: Known): Facts {
  const waiting = links.reduce((facts, link) => merge(facts, link.facts), change.facts);
  return order ? merge(order.facts, waiting) : waiting;
}

async function tryToApply(
  engine: Engine,
  change: Change,
  known: Known,
  ids: string[],
): Promise<Applied | Tied | null> {
  const { order, links } = known;
  if (!order) return change.orderId ? unknownOrder(engine, change) : waitForOrder(engine, change, known, ids);
  const other = links.find((link) => link.orderId !== null && link.orderId !== order.id);
  if (other) {
    return quarantine(
      engine,
      change,
      `It names order ${order.id}, but ${other.id} belongs to order ${other.orderId}.`,
    );
  }
  const tied = tiedSubscription(order.facts, change.facts);
  if (tied) return { outcome: "tied", subscription: tied };
  const facts = merged(change, known);
  const claims = ids
    .filter((id) => !links.some((link) => link.id === id && link.orderId !== null))
    .map((id) => ({ id, version: links.find((link) => link.id === id)?.version ?? -1 }));
  const derived = derive(facts, order);
  const same =
    derived.status === order.status &&
    derived.place === (order.place?.state ?? null) &&
    isDeepStrictEqual(facts, order.facts);
  if (same && claims.length === 0 && !order.due) {
    return change.event
      ? keepEvent(engine, change.event, "applied", null, order.id)
      : { outcome: "applied", orderId: order.id, reason: null };
  }
  const written = await write(engine, change, order, claims, facts, derived);
  if (written === "taken" || written === "full")
    return writeWithout(engine, written, change, order, claims, facts);
  return written;
}

/** Paid, and not to be granted a second time, or no place is left for it: written once more, without that. */
async function writeWithout(
  engine: Engine,
  missing: "taken" | "full",
  change: Change,
  order: KnownOrder,
  claims: { id: string; version: number }[],
  facts: Facts,
): Promise<Applied | null> {
  const context =
    missing === "taken"
      ? { ...order, taken: true }
      : { ...order, place: order.place && { ...order.place, full: true } };
  const written = await write(engine, change, order, claims, facts, derive(facts, context));
  if (written === "taken" || written === "full") {
    throw new Error(`Order ${order.id} takes what it must not: ${written}.`);
  }
  return written;
}

function tiedSubscription(known: Facts, told: Facts): string | undefined {
  return Object.entries(told.subscriptions).find(
    ([id, state]) => state.readAt === undefined && isTied(known.subscriptions[id], state),
  )?.[0];
}

async function write(
  engine: Engine,
  change: Change,
  order: KnownOrder,
  claims: { id: string; version: number }[],
  facts: Facts,
  derived: Derived,
): Promise<Applied | "taken" | "full" | null> {
  const fulfilled = derived.effects.some((effect) => effect.name === "checkout.fulfilled");
  const effects = derived.effects.map((effect) => ({
    event: storedName(effect),
    before: effect.before,
    after: effect.after,
    jobs: jobsAfter(engine, effect, order),
  }));
  try {
    const { rows } = await engine.database.query<{ id: string }>({
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
        JSON.stringify(effects),
        change.actor,
        JSON.stringify(claims),
        derived.recheckAt,
        JSON.stringify(NO_FACTS),
        ...(change.event ? eventValues(change.event) : NO_EVENT),
        JSON.stringify(visible(asItWas(order))),
        JSON.stringify(visible(derived)),
        derived.place === order.place?.state ? null : derived.place,
        isOn(engine, { queue: "outbound_webhook" }),
      ],
    });
    if (rows.length === 0) return null;
    jobsWritten(engine);
    return { outcome: "applied", orderId: order.id, reason: null };
  } catch (error) {
    if (isLostRace(error)) return null;
    if (isUniqueViolation(error, ONE_PLAN)) return "taken";
    if (isNoPlace(error)) return "full";
    // Stripe's object already belongs to another order: applying it twice would sell one payment two times.
    if (isUniqueViolation(error)) {
      return quarantine(
        engine,
        change,
        `A Stripe object it names already belongs to another order than ${order.id}.`,
      );
    }
    throw error;
  }
}

/** What depends on more than facts is taken from the order's rows. */
export function asItWas(order: KnownOrder): Derived {
  return { ...derive(order.facts, order), status: order.status, place: order.place?.state ?? null };
}

/** What the timeline shows of an order, before and after a change. */
export function visible({ status, amountRefunded, place, grants }: Derived): OrderSnapshot {
  return {
    status,
    amountRefunded,
    place,
    grants: grants.map(({ productKey, quantity, state, endsAt, reason }) => ({
      productKey,
      quantity,
      state,
      endsAt,
      reason,
    })),
  };
}

function unknownOrder(engine: Engine, change: Change): Promise<Applied> {
  return quarantine(engine, change, `It names order ${change.orderId}, which does not exist here.`);
}

async function quarantine(engine: Engine, change: Change, reason: string): Promise<Applied> {
  if (change.event) return keepEvent(engine, change.event, "quarantined", reason);
  return { outcome: "quarantined", orderId: null, reason };
}

/** No order is known yet: the facts wait under every object they name until an order claims one of them. */
async function waitForOrder(
  engine: Engine,
  change: Change,
  known: Known,
  ids: string[],
): Promise<Applied | null> {
  const waits = change.waits && ids.length > 0;
  const reason = waits
    ? `No order is known for ${ids.join(" or ")} yet; kept until one is.`
    : "It doesn't belong to an order of ours.";
  if (!change.event) return { outcome: "ignored", orderId: null, reason };
  if (!waits) return keepEvent(engine, change.event, "ignored", reason);
  const facts = merged(change, known);
  const rows = ids.map((id) => ({
    id,
    facts,
    version: known.links.find((link) => link.id === id)?.version ?? -1,
  }));
  try {
    await engine.database.query({
      ...WAIT,
      values: [...eventValues(change.event), reason, JSON.stringify(rows)],
    });
  } catch (error) {
    if (isLostRace(error)) return null;
    throw error;
  }
  return { outcome: "ignored", orderId: null, reason };
}
