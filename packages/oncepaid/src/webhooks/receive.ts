import { z } from "zod";
import type { Engine } from "#/engine.ts";
import type { Told } from "#/events/reading.ts";
import { factsOf, isHandled } from "#/events/routes.ts";
import { type Failure, failure } from "#/failure.ts";
import { applyChange } from "#/orders/apply.ts";
import {
  type Applied,
  type IncomingEvent,
  keepEvent,
  type Outcome,
  recordFailure,
} from "#/orders/stored-events.ts";
import { API_VERSION } from "#/stripe/client.ts";
import { readAgain } from "#/stripe/read-again.ts";
import { verifySignature } from "#/stripe/signature.ts";

export type Received = { ok: true; outcome: Outcome };

/**
 * One signed delivery of Stripe: verify, read, merge, write, answer. An answer other than `ok` means nothing was
 * kept as done, so Stripe sends it again.
 */
export async function receive(
  engine: Engine,
  body: Buffer,
  signature: string | undefined,
): Promise<Received | Failure> {
  const verified = verifySignature(body, signature, engine.settings.stripe.webhookSecrets);
  if (!verified.ok) return failure("invalid_signature", verified.reason);
  const event = parseEvent(verified.payload);
  if (!event) return failure("invalid_request", "The body is signed but isn't a Stripe event.");
  return applyEvent(engine, event);
}

/** The door every event goes through: deliveries, replays and the sweep alike. */
export async function applyEvent(engine: Engine, event: ParsedEvent): Promise<Received | Failure> {
  try {
    const { outcome, orderId, reason } = await dispatch(engine, event);
    engine.log.info({ event: event.id, type: event.type, outcome, order: orderId, reason }, "event");
    return { ok: true, outcome };
  } catch (error) {
    engine.log.error({ event: event.id, type: event.type, err: error }, "event failed");
    await recordFailure(engine, event, error instanceof Error ? error.message : String(error)).catch(
      () => {},
    );
    return failure("internal", "The event could not be stored; send it again.");
  }
}

async function dispatch(engine: Engine, event: ParsedEvent) {
  const live = engine.settings.stripe.mode === "live";
  if (event.livemode !== live) {
    return keepEvent(
      engine,
      event,
      "quarantined",
      `It is a ${mode(event.livemode)} mode event; this app runs in ${mode(live)} mode.`,
    );
  }
  if (event.account !== null) {
    return keepEvent(
      engine,
      event,
      "quarantined",
      `It belongs to the connected account ${event.account}, not to this one.`,
    );
  }
  if (!isHandled(event.type))
    return keepEvent(engine, event, "ignored", "Nothing here depends on this type.");
  // A payload of the version this code is written for is trusted as it stands; another one is only a nudge.
  const object =
    event.apiVersion === API_VERSION ? event.object : await readAgain(engine.stripe, event.object);
  if (object === undefined) {
    return keepEvent(
      engine,
      event,
      "quarantined",
      `Its API version is ${event.apiVersion}, and Stripe can't show its object again.`,
    );
  }
  const told = factsOf(event.type, object, event.created);
  if (told.kind !== "told") return keepEvent(engine, event, told.kind, told.reason);
  const applied = await applyChange(engine, { ...told, actor: "stripe", event });
  return applied.outcome === "tied" ? settleTie(engine, told, event, applied.subscription) : applied;
}

/** Two states within one second: Stripe itself says which is the newest, and that answer outranks both. */
async function settleTie(engine: Engine, told: Told, event: ParsedEvent, id: string): Promise<Applied> {
  const readAt = Date.now();
  const read = factsOf(
    "customer.subscription.updated",
    await readAgain(engine.stripe, { id, object: "subscription" }),
    event.created,
  );
  const state = read.kind === "told" ? read.facts.subscriptions[id] : undefined;
  if (!state)
    return keepEvent(
      engine,
      event,
      "quarantined",
      `Subscription ${id} could not be understood when it was read again.`,
    );
  const facts = { ...told.facts, subscriptions: { [id]: { ...state, readAt } } };
  const applied = await applyChange(engine, { ...told, facts, actor: "stripe", event });
  if (applied.outcome === "tied")
    throw new Error(`Subscription ${id} is still tied after it was read again.`);
  return applied;
}

export type ParsedEvent = IncomingEvent & {
  object: unknown;
  /** Set when it happened on a connected account. */
  account: string | null;
};

const envelope = z.object({
  id: z.string().min(1).max(255),
  object: z.literal("event").optional(),
  type: z.string().min(1).max(255),
  created: z.int().nonnegative(),
  livemode: z.boolean(),
  api_version: z.string().nullish(),
  account: z.string().nullish(),
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mode(live: boolean): string {
  return live ? "live" : "test";
}
