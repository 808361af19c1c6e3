import { z } from "zod";
import { parseJson } from "#/json.ts";
import type { IncomingEvent } from "#/orders/stored-events.ts";

/** An event as it is read from a signed body. */
export type ParsedEvent = IncomingEvent & {
  object: unknown;
  /** Set when it happened on a connected account. */
  account: string | null;
};

/** These are stored as text, and PostgreSQL has no place for the character NUL. */
const name = z
  .string()
  .min(1)
  .max(255)
  .refine((text) => !text.includes("\0"));

const envelope = z.object({
  id: name,
  object: z.literal("event").optional(),
  type: name,
  created: z.int().nonnegative(),
  livemode: z.boolean(),
  api_version: name.nullish(),
  account: name.nullish(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});

/** The event in a verified payload; undefined when it isn't one. */
export function parseEvent(payload: string): ParsedEvent | undefined {
  const parsed = envelope.safeParse(parseJson(payload));
  if (!parsed.success) return undefined;
  const { id, type, created, livemode, api_version, account, data } = parsed.data;
  return {
    id,
    type,
    created,
    livemode,
    apiVersion: api_version ?? null,
    payload,
    object: data.object,
    account: account ?? null,
  };
}
