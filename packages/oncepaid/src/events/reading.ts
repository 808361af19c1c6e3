import { z } from "zod";
import type { Facts } from "#/rules/facts.ts";

/** How objects of Stripe are read: only the fields that matter, in the shapes this API version gives them. Pure. */

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

export const id = z.string().min(1).max(255);
/** The end of the year 9999: what comes later is no time that anybody meant, and soon none that PostgreSQL can hold. */
const LAST_SECONDS = 253_402_300_799;
export const seconds = z.int().nonnegative().max(LAST_SECONDS);
export const minorUnits = z.int().nonnegative();
/** Objects in events are never expanded, but one read again may be. */
export const reference = z
  .union([id, z.object({ id }).transform((object) => object.id)])
  .nullish()
  .transform((value) => value ?? undefined);
export const metadata = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});
export const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

export function read<T extends z.ZodType>(
  schema: T,
  object: unknown,
  tell: (object: z.output<T>) => Omit<Told, "kind">,
): Told | Untold {
  const parsed = schema.safeParse(object);
  if (!parsed.success)
    return { kind: "quarantined", reason: `Unexpected shape: ${z.prettifyError(parsed.error)}` };
  const told = tell(parsed.data);
  if (!isStorable(told.facts)) {
    return { kind: "quarantined", reason: "A text in it has a character that PostgreSQL can't hold." };
  }
  if (told.orderId === null && Object.keys(told.facts.links).length === 0) {
    return { kind: "ignored", reason: "It doesn't belong to an order of ours." };
  }
  return { kind: "told", ...told };
}

/** PostgreSQL has no place for the character NUL, nor for half of a pair of surrogates. */
function isStorable(value: unknown): boolean {
  if (typeof value === "string") return !value.includes("\0") && value.isWellFormed();
  return !(value instanceof Object) || Object.entries(value).flat().every(isStorable);
}

export function links(...ids: (string | undefined)[]): Facts["links"] {
  return Object.fromEntries(ids.flatMap((id) => (id === undefined ? [] : [[id, true as const]])));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The order we put on the object. Others on the same Stripe account may use `order_id` too, so it is ours only if it
 * looks like an id of ours.
 */
export function ourOrder(metadata: Record<string, string>, clientReference?: string | null): string | null {
  const named = metadata.order_id ?? clientReference ?? "";
  return UUID.test(named) ? named.toLowerCase() : null;
}
