import { z } from "zod";

/** What a comparison with Stripe saw and did. Times are ISO 8601 in UTC. */

const COUNTS = [
  /** Calls to Stripe. */
  "calls",
  /** Everything that was listed. */
  "listed",
  "events",
  /** Events that were here already. */
  "eventsKnown",
  "eventsApplied",
  "eventsIgnored",
  "eventsQuarantined",
  "eventsFailed",
  /** Events in the shape of another API version: their objects are compared instead. */
  "eventsOfOtherVersion",
  "sessions",
  /** Orders that were not here and were made again from their session. */
  "ordersRestored",
  /** Attempts that were not here, of orders that were. */
  "attemptsRestored",
  /** Sessions whose end no event had told. */
  "sessionsSettled",
  /** Subscriptions, invoices, refunds, disputes and fraud warnings that were compared. */
  "objects",
  /** Sessions and other objects that could not be applied. Their time doesn't count as compared (reconcile.ts). */
  "objectsFailed",
  /** Quarantined events whose order is here again. */
  "eventsReleased",
  /** Orders that were derived once more: paid and not granted, or due. */
  "ordersDerived",
  /** Orders that could not be derived; they stay due, and the sweep tries them again. */
  "ordersFailed",
] as const;
export type CountName = (typeof COUNTS)[number];
export type Counts = Record<CountName, number>;

/** A report of an older version doesn't have them all. */
export const counts = z.record(z.enum(COUNTS), z.number().default(0));

export const report = z.object({
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** What happened at Stripe between these was compared. */
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  counts,
});
export type Report = z.infer<typeof report>;

export function noCounts(): Counts {
  return counts.parse({});
}

/** How many things were set right. */
export function changes({
  eventsApplied,
  ordersRestored,
  attemptsRestored,
  sessionsSettled,
}: Counts): number {
  return eventsApplied + ordersRestored + attemptsRestored + sessionsSettled;
}
