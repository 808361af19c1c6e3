import { z } from "zod";
import { parseJson } from "#/json.ts";
import type { IncomingEvent } from "#/orders/stored-events.ts";

/** An event as it is read from a signed body. */
export type ParsedEvent = IncomingEvent & {
  object: unknown;
  /** Set when it happened on a connected account. */
  account: string | null;
  /** Of a thin event: its own id. It goes by the id of the snapshot event that tells the same, so that one of both counts. */
  notification?: string;
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
  // Only looked at here: `z.record` would copy each field, and who reads the object (events/) checks what it needs of it.
  data: z.object({ object: z.custom(isRecord) }),
});

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A thin event tells that something happened to an object, and not what. It has no API version: the object is read again.
 * Source: docs.stripe.com/event-destinations, "Thin events".
 */
const thinEnvelope = z.object({
  id: name,
  object: z.literal("v2.core.event"),
  type: name.startsWith("v1."),
  created: z.iso.datetime(),
  livemode: z.boolean(),
  context: name.nullish(),
  related_object: z.object({ id: name, type: name }).nullish(),
  snapshot_event: name.nullish(),
});

/** The event in a verified payload, with its object or without; undefined when it isn't one. */
export function parseEvent(payload: string): ParsedEvent | undefined {
  const body = parseJson(payload);
  const thin = thinEnvelope.safeParse(body);
  if (thin.success) return thinEvent(thin.data, payload);
  const parsed = envelope.safeParse(body);
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

function thinEvent(thin: z.output<typeof thinEnvelope>, payload: string): ParsedEvent {
  const { id, type, created, livemode, context, related_object: related, snapshot_event: snapshot } = thin;
  return {
    id: snapshot ?? id,
    notification: id,
    type: type.slice("v1.".length),
    created: Math.floor(Date.parse(created) / 1000),
    livemode,
    apiVersion: null,
    payload,
    object: related ? { id: related.id, object: related.type } : null,
    account: context ?? null,
  };
}
