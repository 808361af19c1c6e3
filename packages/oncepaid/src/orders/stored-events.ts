import type { Engine } from "#/engine.ts";
import { STORE_EVENT } from "#/orders/statements.ts";

/** Rows of the inbox: the event as it came, with what became of it. */

export type IncomingEvent = {
  id: string;
  type: string;
  /** Unix seconds. */
  created: number;
  livemode: boolean;
  apiVersion: string | null;
  payload: string;
};

export type Outcome = "applied" | "duplicate" | "ignored" | "quarantined";
export type Applied = { outcome: Outcome; orderId: string | null; reason: string | null };
/** Keeps an event that changes nothing, so that it is known and never asked for again. */
export async function keepEvent(
  engine: Engine,
  event: IncomingEvent,
  outcome: "applied" | "ignored" | "quarantined",
  reason: string | null,
  orderId: string | null = null,
): Promise<Applied> {
  const { rows } = await engine.database.query({
    ...STORE_EVENT,
    values: [...eventValues(event), outcome, reason, orderId],
  });
  return { outcome: rows.length > 0 ? outcome : "duplicate", orderId, reason };
}

/** Writes down that an event could not be applied, so that the sweep tries again even if Stripe doesn't. */
export async function recordFailure(engine: Engine, event: IncomingEvent, error: string): Promise<void> {
  await engine.database.query({
    ...STORE_EVENT,
    values: [...eventValues(event), "failed", error, null],
  });
}

export function eventValues(event: IncomingEvent) {
  return [event.id, event.type, event.created, event.livemode, event.apiVersion, event.payload] as const;
}
