import type { Act } from "../act.ts";
import { noSuch } from "../api/errors.ts";
import type { Store } from "../store.ts";
import type { EventObject } from "../wire.ts";

/** Seconds before each retry. Stripe publishes three retries over a few hours for sandboxes, but not when. */
export const DEFAULT_RETRIES = [300, 1800, 7200];

export interface Delivery {
  id: number;
  event_id: string;
  endpoint_id: string;
  state: string;
  attempts: number;
  next_at: number | null;
}

export interface Try {
  at: number;
  status: number | null;
  error: string | null;
  milliseconds: number;
  manual: boolean;
}

export function retriesOf(store: Store): number[] {
  const setting = store.setting("webhook_retries");
  return setting === undefined ? DEFAULT_RETRIES : JSON.parse(setting);
}

export function pendingOf(store: Store, eventId: string): number {
  const row = store.row(
    "SELECT count(*) AS n FROM delivery WHERE event_id = ? AND state IN ('pending', 'failed')",
    eventId,
  );
  return Number(row?.n ?? 0);
}

/** The next event to tell an endpoint of, after the one it was told of last. */
export function nextFirstTry(store: Store, endpointId: string, after: number): Delivery | undefined {
  const row = store.row(
    "SELECT * FROM delivery WHERE endpoint_id = ? AND state = 'pending' AND attempts = 0 AND id > ? ORDER BY id LIMIT 1",
    endpointId,
    after,
  );
  return row && deliveryOf(row);
}

/** Whether any event still waits for its first try. */
export function hasFirstTries(store: Store): boolean {
  return store.row("SELECT 1 FROM delivery WHERE state = 'pending' AND attempts = 0 LIMIT 1") !== undefined;
}

/** An endpoint that is gone is told of nothing any more. */
export function cancelAll(store: Store, endpointId: string): void {
  store.run(
    "UPDATE delivery SET state = 'canceled', next_at = NULL WHERE endpoint_id = ? AND state = 'pending'",
    endpointId,
  );
}

/** Retries whose time has come, oldest first. */
export function dueRetries(store: Store, now: number): Delivery[] {
  const sql =
    "SELECT * FROM delivery WHERE state = 'pending' AND attempts > 0 AND next_at <= ? ORDER BY next_at, id LIMIT 100";
  return store.rows(sql, now).map(deliveryOf);
}

export function nextRetryAt(store: Store): number | null {
  const row = store.row("SELECT min(next_at) AS at FROM delivery WHERE state = 'pending' AND attempts > 0");
  return typeof row?.at === "number" ? row.at : null;
}

export function deliveriesOf(store: Store, eventId: string): Delivery[] {
  return store.rows("SELECT * FROM delivery WHERE event_id = ? ORDER BY id", eventId).map(deliveryOf);
}

export function triesOf(store: Store, deliveryId: number): Try[] {
  return store.rows("SELECT * FROM attempt WHERE delivery_id = ? ORDER BY id", deliveryId).map((row) => ({
    at: Number(row.at),
    status: typeof row.status === "number" ? row.status : null,
    error: typeof row.error === "string" ? row.error : null,
    milliseconds: Number(row.milliseconds),
    manual: row.manual === 1,
  }));
}

/** Writes down a try and what follows: done, another try later, or given up. */
export function record(store: Store, delivery: Delivery, outcome: Try): void {
  store.transaction(() => {
    store.run(
      "INSERT INTO attempt (delivery_id, at, manual, status, error, milliseconds) VALUES (?, ?, ?, ?, ?, ?)",
      delivery.id,
      outcome.at,
      Number(outcome.manual),
      outcome.status,
      outcome.error,
      outcome.milliseconds,
    );
    const succeeded = outcome.status !== null && outcome.status >= 200 && outcome.status < 300;
    if (outcome.manual) {
      // A resend by hand never cancels what is planned: a second copy may still arrive, as with Stripe.
      if (succeeded && delivery.state === "failed")
        setState(store, delivery.id, "succeeded", delivery.attempts, null);
      return;
    }
    const attempts = delivery.attempts + 1;
    const wait = retriesOf(store)[delivery.attempts];
    if (succeeded) setState(store, delivery.id, "succeeded", attempts, null);
    else if (wait === undefined) setState(store, delivery.id, "failed", attempts, null);
    else setState(store, delivery.id, "pending", attempts, outcome.at + wait);
  });
}

/** Its endpoint is gone or switched off at the moment of the try: this event is not sent there again. */
export function cancel(store: Store, delivery: Delivery): void {
  setState(store, delivery.id, "canceled", delivery.attempts, null);
}

/** Asks for another try by hand, to one endpoint or to all that were told of the event. */
export function resend(act: Act, event: EventObject, endpointId?: string): void {
  if (endpointId) {
    if (!act.store.find("webhook_endpoint", endpointId)) {
      throw noSuch("webhook endpoint", endpointId, "webhook_endpoint");
    }
    // An endpoint that was made after the event has not been told of it yet.
    act.store.run(
      "INSERT INTO delivery (event_id, endpoint_id, state) VALUES (?, ?, 'failed') ON CONFLICT DO NOTHING",
      event.id,
      endpointId,
    );
  }
  for (const delivery of deliveriesOf(act.store, event.id)) {
    if (!endpointId || delivery.endpoint_id === endpointId) {
      act.schedule(act.now, "delivery.resend", String(delivery.id));
    }
  }
}

export function deliveryAt(store: Store, id: number): Delivery | undefined {
  const row = store.row("SELECT * FROM delivery WHERE id = ?", id);
  return row && deliveryOf(row);
}

function setState(store: Store, id: number, state: string, attempts: number, nextAt: number | null): void {
  store.run(
    "UPDATE delivery SET state = ?, attempts = ?, next_at = ? WHERE id = ?",
    state,
    attempts,
    nextAt,
    id,
  );
}

function deliveryOf(row: Record<string, unknown>): Delivery {
  return {
    id: Number(row.id),
    event_id: String(row.event_id),
    endpoint_id: String(row.endpoint_id),
    state: String(row.state),
    attempts: Number(row.attempts),
    next_at: typeof row.next_at === "number" ? row.next_at : null,
  };
}
