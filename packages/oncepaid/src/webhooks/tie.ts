import type { Engine } from "#/engine.ts";
import type { ReadFacts } from "#/events/reading.ts";
import { factsOf } from "#/events/routes.ts";
import { applyChange } from "#/orders/apply.ts";
import { type Applied, keepEvent } from "#/orders/stored-events.ts";
import { readAgain } from "#/stripe/read-again.ts";
import type { ParsedEvent } from "#/webhooks/event.ts";

/**
 * Two different states of one subscription within one second: their events can't be put in order, so Stripe is asked for the state
 * now, and that answer counts more than both. Throws Stripe's error when it can't be asked; then the event is tried again.
 */
export async function settleTie(
  engine: Engine,
  reading: ReadFacts,
  event: ParsedEvent,
  id: string,
): Promise<Applied> {
  const readAt = Date.now();
  const object = await readAgain(engine.stripe, { id, object: "subscription" });
  const read = factsOf("customer.subscription.updated", object, event.created);
  const state = read.kind === "facts" ? read.facts.subscriptions[id] : undefined;
  if (!state) {
    const reason = `Subscription ${id} could not be understood when it was read again.`;
    return keepEvent(engine, event, "quarantined", reason);
  }
  const facts = { ...reading.facts, subscriptions: { [id]: { ...state, readAt } } };
  const applied = await applyChange(engine, { ...reading, facts, actor: "stripe", event });
  if (applied.outcome === "tied")
    throw new Error(`Subscription ${id} is still tied after it was read again.`);
  return applied;
}
