import { isDeepStrictEqual } from "node:util";
import type { Asked, Known, KnownOrder } from "#/orders/read.ts";
import type { Applied, IncomingEvent } from "#/orders/stored-events.ts";
import type { Write } from "#/orders/write.ts";
import { derive } from "#/rules/derive.ts";
import type { Facts } from "#/rules/facts.ts";
import { merge } from "#/rules/merge.ts";
import { isTied } from "#/rules/subscription-state.ts";

/** What is to be done with a change, decided without asking anybody: a pencil is enough to check it. */

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

/** Always in the same order, so that two changes don't wait for each other's links. */
export function askedBy({ event, orderId, facts }: Change): Asked {
  return { eventId: event?.id ?? null, orderId, links: Object.keys(facts.links).sort() };
}

/** What is to be done with a change, from what is known. */
export type Step =
  /** What waits under one object names others: those have to be known too. */
  | { do: "read"; asked: Asked }
  | { do: "answer"; answer: Applied | Tied }
  /** Nothing of an order changes; the event is kept with what became of it. */
  | {
      do: "keep";
      outcome: "applied" | "ignored" | "quarantined";
      orderId: string | null;
      reason: string | null;
    }
  /** No order is known yet: the facts wait under every object they name until an order claims one of them. */
  | { do: "wait"; rows: { id: string; facts: Facts; version: number }[]; reason: string }
  | { do: "write"; write: Write };

/** Pure: the change, what the database says of it, and what was asked for. */
export function nextStep(change: Change, known: Known, asked: Asked): Step {
  const { order, links } = known;
  if (known.eventOutcome !== null && known.eventOutcome !== "failed") {
    return { do: "answer", answer: { outcome: "duplicate", orderId: order?.id ?? null, reason: null } };
  }
  const facts = merged(change, known);
  const named = Object.keys(facts.links).filter((id) => !order?.facts.links[id]);
  if (named.some((id) => !asked.links.includes(id))) {
    return { do: "read", asked: { ...asked, links: [...new Set([...asked.links, ...named])].sort() } };
  }
  if (!order)
    return change.orderId ? unknownOrder(change.orderId) : waitForOrder(change, known, asked, facts);
  const other = links.find((link) => link.orderId !== null && link.orderId !== order.id);
  if (other) {
    return quarantine(`It names order ${order.id}, but ${other.id} belongs to order ${other.orderId}.`);
  }
  const tied = tiedSubscription(order.facts, change.facts);
  if (tied) return { do: "answer", answer: { outcome: "tied", subscription: tied } };
  return stepOfOrder(change, { order, links, asked, facts });
}

type OfOrder = { order: KnownOrder; links: Known["links"]; asked: Asked; facts: Facts };

function stepOfOrder({ actor, event }: Change, { order, links, asked, facts }: OfOrder): Step {
  const claims = asked.links
    .filter((id) => !links.some((link) => link.id === id && link.orderId !== null))
    .map((id) => ({ id, version: links.find((link) => link.id === id)?.version ?? -1 }));
  const write = { order, facts, derived: derive(facts, order), claims, actor, event };
  if (!changesNothing(write)) return { do: "write", write };
  return { do: "keep", outcome: "applied", orderId: order.id, reason: null };
}

export function changesNothing({ order, facts, derived, claims }: Write): boolean {
  return (
    derived.status === order.status &&
    derived.spot === (order.spot?.state ?? null) &&
    (derived.places ?? order.spot?.places) === order.spot?.places &&
    claims.length === 0 &&
    !order.due &&
    isDeepStrictEqual(facts, order.facts)
  );
}

/** What is told, with what waits under the objects it names and what the order knows. */
export function merged(change: Pick<Change, "facts">, { order, links }: Known): Facts {
  const waiting = links.reduce((facts, link) => merge(facts, link.facts), change.facts);
  return order ? merge(order.facts, waiting) : waiting;
}

function tiedSubscription(known: Facts, told: Facts): string | undefined {
  return Object.entries(told.subscriptions).find(
    ([id, state]) => state.readAt === undefined && isTied(known.subscriptions[id], state),
  )?.[0];
}

function unknownOrder(orderId: string): Step {
  return quarantine(`It names order ${orderId}, which does not exist here.`);
}

function quarantine(reason: string): Step {
  return { do: "keep", outcome: "quarantined", orderId: null, reason };
}

function waitForOrder({ waits, event }: Change, { links }: Known, asked: Asked, facts: Facts): Step {
  const ids = asked.links;
  if (!waits || ids.length === 0) {
    return {
      do: "keep",
      outcome: "ignored",
      orderId: null,
      reason: "It doesn't belong to an order of ours.",
    };
  }
  const reason = `No order is known for ${ids.join(" or ")} yet; kept until one is.`;
  // Without an event nobody would know that they wait.
  if (!event) return { do: "keep", outcome: "ignored", orderId: null, reason };
  const versionOf = (id: string) => links.find((link) => link.id === id)?.version ?? -1;
  return { do: "wait", reason, rows: ids.map((id) => ({ id, facts, version: versionOf(id) })) };
}
