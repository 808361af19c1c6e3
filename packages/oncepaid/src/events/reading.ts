import { z } from "zod";
import { isStorable } from "#/json.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";

/**
 * How Stripe's objects are read: only the fields that matter, in the shapes this API version gives them. The pieces here are what
 * the readers of several objects share. Pure.
 */

/** What became of reading an object. */
export type Reading = ReadFacts | NothingRead;

export type ReadFacts = {
  kind: "facts";
  /** The order of ours that the object names by itself; where it names none, `facts.links` lead to it. */
  orderId: string | null;
  facts: Facts;
  /**
   * Whether facts without a known order are kept until one claims them. Objects of ours always name their order, except refunds,
   * disputes, and what leads from a renewal's payment to its plan. Anything else without a known order is somebody else's.
   */
  waits: boolean;
};

/** It says nothing about an order of ours, or it isn't of the shape that is promised. */
export type NothingRead = { kind: "ignored" | "quarantined"; reason: string };

/** Nothing where the object told none. */
export function factsIn(reading: Reading): Facts {
  return reading.kind === "facts" ? reading.facts : NO_FACTS;
}

/** Stripe's id of an object, as long as Stripe says one may become. */
export const id = z.string().min(1).max(255);
/** The end of the year 9999. A later time is a mistake, and PostgreSQL could not hold the latest of them. */
const LAST_SECONDS = 253_402_300_799;
/** A moment: unix seconds. */
export const seconds = z.int().nonnegative().max(LAST_SECONDS);
export const minorUnits = z.int().nonnegative();
/** Another object: its id, or where it was expanded the object itself. In events nothing is; what is read again may be. */
export const reference = z
  .union([id, z.object({ id }).transform((object) => object.id)])
  .nullish()
  .transform((value) => value ?? undefined);
/** The keys and values a seller puts on an object. */
export const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});
/** A field that may be missing or null. */
export const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

export function read<T extends z.ZodType>(
  schema: T,
  object: unknown,
  factsIn: (object: z.output<T>) => Omit<ReadFacts, "kind">,
): Reading {
  const parsed = schema.safeParse(object);
  if (!parsed.success)
    return { kind: "quarantined", reason: `Unexpected shape: ${z.prettifyError(parsed.error)}` };
  const reading = factsIn(parsed.data);
  if (!isStorable(reading.facts)) {
    return { kind: "quarantined", reason: "A text in it has a character that PostgreSQL can't hold." };
  }
  if (reading.orderId === null && Object.keys(reading.facts.links).length === 0) {
    return { kind: "ignored", reason: "It doesn't belong to an order of ours." };
  }
  return { kind: "facts", ...reading };
}

/** The facts of an object. What isn't known is left out: where facts are compared, `undefined` is something else than nothing. */
export function known<Fact extends object>(fact: Fact): Fact {
  for (const [field, value] of Object.entries(fact)) {
    if (value === undefined) Reflect.deleteProperty(fact, field);
  }
  return fact;
}

export function links(...ids: (string | undefined)[]): Facts["links"] {
  return Object.fromEntries(ids.flatMap((id) => (id === undefined ? [] : [[id, true as const]])));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The order an object was made for, as we wrote it on the object. Other programs on the same Stripe account may write an
 * `order_id` too; it is ours only if it looks like an id of ours.
 */
export function ourOrder(metadata: Record<string, string>, clientReference?: string | null): string | null {
  const named = metadata.order_id ?? clientReference ?? "";
  return UUID.test(named) ? named.toLowerCase() : null;
}
