import type { Engine } from "#/engine.ts";
import { factsOfSession } from "#/events/session.ts";
import { applyChange } from "#/orders/apply.ts";
import { retrieveSession } from "#/stripe/sessions.ts";

/**
 * Asks Stripe how a session stands and applies the answer exactly as an event would be. Used where waiting for the
 * webhook isn't enough: the success page, a cart that was finished meanwhile, the sweep. `same` when Stripe can't
 * be asked or the answer changes nothing yet, `missing` when the key's account has no such session.
 */
export async function settle(
  engine: Engine,
  orderId: string,
  sessionId: string,
  actor = "checkout",
): Promise<"changed" | "same" | "missing"> {
  const found = await retrieveSession(engine.stripe, sessionId);
  if (!found.ok) {
    engine.log.warn({ order: orderId, session: sessionId, reason: found.reason }, "session not read");
    return found.missing ? "missing" : "same";
  }
  return (await takeIn(engine, orderId, found.session, actor)) ? "changed" : "same";
}

/** What a session that was read from Stripe says of its order. False when it changes nothing yet, or is another order's. */
export async function takeIn(
  engine: Engine,
  orderId: string,
  session: object,
  actor: string,
): Promise<boolean> {
  const reading = factsOfSession(session, Math.floor(Date.now() / 1000));
  if (reading.kind !== "facts" || reading.orderId !== orderId) return false;
  const { outcome } = await applyChange(engine, { ...reading, actor, event: null });
  return outcome === "applied";
}
