import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "#/engine.ts";
import { subscribed } from "#/events/routes.ts";
import { messageOf } from "#/failure.ts";
import { type Cursor, cursorNow, eventsFrom } from "#/stripe/new-events.ts";
import { signatureOf } from "#/stripe/signature.ts";
import { parseEvent } from "#/webhooks/event.ts";
import { applyEvent } from "#/webhooks/receive.ts";

/**
 * Stands in for a webhook endpoint on a machine that Stripe can't reach: what happens at the account is listed, and applied by the
 * webhook's own door or sent to an address, signed as Stripe would.
 */

/** Between two looks: 30 calls a minute of the 25 a second that Stripe allows in test mode. */
const LOOK_MS = 2_000;
const ANSWER_LIMIT_MS = 30_000;

export type Heard = { id: string; type: string; result: string };

export type Listening = {
  /** Where events are sent; without it they are applied in this process. */
  forwardTo?: URL | undefined;
  stop: AbortSignal;
  onEvent(event: Heard): void;
  /** A look that failed; the next one is made all the same. */
  onProblem(problem: string): void;
};

/** Until it is stopped. Throws Stripe's error where the account can't be listed at all. */
export async function listen(engine: Engine, listening: Listening, onReady: () => void): Promise<void> {
  let cursor = await cursorNow(engine.stripe);
  onReady();
  while (!listening.stop.aborted) {
    try {
      cursor = await hearOnce(engine, listening, cursor);
    } catch (error) {
      listening.onProblem(messageOf(error));
    }
    await pause(LOOK_MS, undefined, { signal: listening.stop }).catch(() => {});
  }
}

/** Everything that has happened since, in Stripe's order; an event counts as heard once something has become of it. */
export async function hearOnce(engine: Engine, listening: Listening, from: Cursor): Promise<Cursor> {
  const wanted = new Set<string>(subscribed());
  let cursor = from;
  for (let more = true; more && !listening.stop.aborted; ) {
    const page = await eventsFrom(engine.stripe, cursor);
    for (const event of page.events) {
      if (wanted.has(event.type)) {
        const result = await passOn(engine, listening, JSON.stringify(event));
        listening.onEvent({ id: event.id, type: event.type, result });
      }
      cursor = { after: event.id };
    }
    ({ more } = page);
  }
  return cursor;
}

async function passOn(engine: Engine, { forwardTo }: Listening, payload: string): Promise<string> {
  if (forwardTo) return forward(engine, forwardTo, payload);
  const event = parseEvent(payload);
  if (!event) return "not understood";
  const received = await applyEvent(engine, event);
  return received.ok ? received.outcome : received.error;
}

async function forward(engine: Engine, to: URL, payload: string): Promise<string> {
  const [secret = ""] = engine.settings.stripe.webhookSecrets;
  const { status } = await fetch(to, {
    method: "POST",
    headers: {
      "content-type": "application/json; charset=utf-8",
      "stripe-signature": signatureOf(payload, secret),
    },
    body: payload,
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  });
  return `[${status}] POST ${to.href}`;
}
