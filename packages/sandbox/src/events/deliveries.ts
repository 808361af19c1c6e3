import type { Store } from "../store.ts";
import type { EventObject } from "../wire.ts";
import { judgeEndpoint } from "./auto-disable.ts";
import { retriesOf } from "./retries.ts";

/**
 * An event on its way to one endpoint.
 *
 * - `pending`: in its endpoint's line, for the first try
 * - `waiting`: for the moment `next_at`, because a try failed or a fault delays the first
 * - `succeeded`, `failed` (no tries left), `canceled` (its endpoint is gone or was switched off)
 */
export interface Delivery {
  id: number;
  event_id: string;
  endpoint_id: string;
  state: string;
  attempts: number;
  next_at: number | null;
  lane: string;
  /** Made by a fault: a second event about the same change. */
  twin: boolean;
}

/** One try, with what is needed to see its request and its answer again. */
export interface Try {
  at: number;
  status: number | null;
  error: string | null;
  milliseconds: number;
  manual: boolean;
  /** The fault that spoiled it. */
  fault: string | null;
  signature: string | null;
  /** The body's `pending_webhooks`. */
  pending: number | null;
  /** The body, where a fault made it differ from the event. */
  body: string | null;
  response_headers: string | null;
  response_body: string | null;
}

export function addDelivery(
  store: Store,
  { eventId, endpointId, lane, twin }: { eventId: string; endpointId: string; lane: string; twin?: boolean },
): number {
  const sql =
    "INSERT INTO delivery (event_id, endpoint_id, state, lane, twin, place) VALUES (?, ?, 'pending', ?, ?, (SELECT coalesce(max(id), 0) + 1 FROM delivery))";
  const id = store.run(sql, eventId, endpointId, lane, Number(twin ?? false));
  markUndelivered(store, eventId);
  return id;
}

export function markUndelivered(store: Store, eventId: string): void {
  const sql = "INSERT OR IGNORE INTO undelivered SELECT created, seq FROM object WHERE id = ?";
  store.run(sql, eventId);
}

/** An event has been delivered once every endpoint that was told of it has accepted it. */
function markDelivered(store: Store, deliveryId: number): void {
  store.run(
    "DELETE FROM undelivered WHERE (created, seq) = (SELECT created, seq FROM object JOIN delivery ON delivery.event_id = object.id WHERE delivery.id = ?1 AND NOT EXISTS (SELECT 1 FROM delivery AS other WHERE other.event_id = delivery.event_id AND other.state <> 'succeeded'))",
    deliveryId,
  );
}

function pendingOf(store: Store, eventId: string): number {
  const row = store.row(
    "SELECT count(*) AS n FROM delivery WHERE event_id = ? AND state IN ('pending', 'waiting', 'failed')",
    eventId,
  );
  return Number(row?.n ?? 0);
}

/** An event as it is read now: the snapshot never changes, the number of waiting endpoints does. */
export const withPending = (store: Store, event: EventObject): EventObject => ({
  ...event,
  pending_webhooks: pendingOf(store, event.id),
});

/** The line of an endpoint: what waits for its first try, in the order in which it is to be sent. */
export function lineOf(store: Store, endpointId: string, length: number): Delivery[] {
  return store
    .rows(
      `SELECT * FROM delivery WHERE endpoint_id = ? AND state = 'pending' ORDER BY place LIMIT ${length}`,
      endpointId,
    )
    .map(deliveryOf);
}

/** Whether any event still waits for its first try. */
export function hasFirstTries(store: Store): boolean {
  return store.row("SELECT 1 FROM delivery WHERE state = 'pending' LIMIT 1") !== undefined;
}

/** An endpoint that is gone is told of nothing any more. */
export function cancelAll(store: Store, endpointId: string): void {
  store.run(
    "UPDATE delivery SET state = 'canceled', next_at = NULL WHERE endpoint_id = ? AND state IN ('pending', 'waiting')",
    endpointId,
  );
}

/** Deliveries whose moment has come, oldest first. */
export function due(store: Store, now: number, most: number): Delivery[] {
  // Asked after every change, and nearly always in vain: this alone takes a twentieth of what the list takes.
  if (!store.row("SELECT 1 FROM delivery WHERE state = 'waiting' AND next_at <= ? LIMIT 1", now)) return [];
  const sql = `SELECT * FROM delivery WHERE state = 'waiting' AND next_at <= ? ORDER BY next_at, id LIMIT ${most}`;
  return store.rows(sql, now).map(deliveryOf);
}

/** The next moment after now at which one is due; what is due already, the courier has in hand. */
export function nextDueAt(store: Store, now: number): number | null {
  const row = store.row(
    "SELECT min(next_at) AS at FROM delivery WHERE state = 'waiting' AND next_at > ?",
    now,
  );
  return typeof row?.at === "number" ? row.at : null;
}

export function deliveriesOf(store: Store, eventId: string): Delivery[] {
  return store.rows("SELECT * FROM delivery WHERE event_id = ? ORDER BY id", eventId).map(deliveryOf);
}

/** Deliveries, newest first, of all endpoints or one, in any state or one. */
export function listDeliveries(
  store: Store,
  asked: {
    endpointId?: string | undefined;
    state?: string | undefined;
    before?: number | undefined;
    limit: number;
  },
): Delivery[] {
  const sql =
    "SELECT * FROM delivery WHERE (?1 IS NULL OR endpoint_id = ?1) AND (?2 IS NULL OR state = ?2) AND id < ?3 ORDER BY id DESC LIMIT ?4";
  const before = asked.before ?? Number.MAX_SAFE_INTEGER;
  return store.rows(sql, asked.endpointId ?? null, asked.state ?? null, before, asked.limit).map(deliveryOf);
}

export function triesOf(store: Store, deliveryId: number): Try[] {
  return store.rows("SELECT * FROM attempt WHERE delivery_id = ? ORDER BY id", deliveryId).map((row) => ({
    at: Number(row.at),
    status: numberOf(row.status),
    error: textOf(row.error),
    milliseconds: Number(row.milliseconds),
    manual: row.manual === 1,
    fault: textOf(row.fault),
    signature: textOf(row.signature),
    pending: numberOf(row.pending),
    body: textOf(row.body),
    response_headers: textOf(row.response_headers),
    response_body: textOf(row.response_body),
  }));
}

/** Writes down a try and what follows: done, another try later, or given up. */
export function record(store: Store, delivery: Delivery, outcome: Try): void {
  store.transaction(() => {
    note(store, delivery, outcome);
    const succeeded = isSuccess(outcome);
    judgeEndpoint(store, delivery.endpoint_id, succeeded, outcome.at);
    if (outcome.manual) {
      // A resend by hand never cancels what is planned: a second copy may still arrive, as with Stripe.
      // What nothing is planned for any more is done with it.
      const { state } = deliveryAt(store, delivery.id) ?? delivery;
      if (succeeded && (state === "failed" || state === "canceled"))
        setState(store, delivery.id, "succeeded", delivery.attempts, null);
      return;
    }
    const attempts = delivery.attempts + 1;
    const wait = retriesOf(store)[delivery.attempts];
    if (succeeded) setState(store, delivery.id, "succeeded", attempts, null);
    else if (wait === undefined) setState(store, delivery.id, "failed", attempts, null);
    else setState(store, delivery.id, "waiting", attempts, outcome.at + wait);
  });
}

/** Writes down a try from which nothing follows: a copy that a fault sent. */
export function note(store: Store, delivery: Delivery, outcome: Try): void {
  store.run(
    "INSERT INTO attempt (delivery_id, at, manual, status, error, milliseconds, fault, signature, pending, body, response_headers, response_body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    delivery.id,
    outcome.at,
    Number(outcome.manual),
    outcome.status,
    outcome.error,
    outcome.milliseconds,
    outcome.fault,
    outcome.signature,
    outcome.pending,
    outcome.body,
    outcome.response_headers,
    outcome.response_body,
  );
}

/** Takes a delivery out of its line until a moment. */
export function postpone(store: Store, delivery: Delivery, until: number): void {
  setState(store, delivery.id, "waiting", delivery.attempts, until);
}

/** Its endpoint is gone or switched off at the moment of the try: this event is not sent there again. */
export function cancel(store: Store, delivery: Delivery): void {
  setState(store, delivery.id, "canceled", delivery.attempts, null);
}

/** Puts what waits in the lines into another order; what isn't named follows in the order it had. */
export function rearrange(store: Store, order: (waiting: Delivery[]) => readonly Delivery[]): number {
  return store.transaction(() => {
    const rows = store.rows("SELECT * FROM delivery WHERE state = 'pending' ORDER BY place");
    const places = rows.map((row) => Number(row.place));
    const ordered = order(rows.map(deliveryOf));
    for (const [index, delivery] of ordered.entries()) {
      store.run("UPDATE delivery SET place = ? WHERE id = ?", places[index] ?? 0, delivery.id);
    }
    return ordered.length;
  });
}

export function deliveryAt(store: Store, id: number): Delivery | undefined {
  const row = store.row("SELECT * FROM delivery WHERE id = ?", id);
  return row && deliveryOf(row);
}

export function isSuccess({ status }: { status: number | null }): boolean {
  return status !== null && status >= 200 && status < 300;
}

function setState(store: Store, id: number, state: string, attempts: number, nextAt: number | null): void {
  store.run(
    "UPDATE delivery SET state = ?, attempts = ?, next_at = ? WHERE id = ?",
    state,
    attempts,
    nextAt,
    id,
  );
  if (state === "succeeded") markDelivered(store, id);
}

function deliveryOf(row: Record<string, unknown>): Delivery {
  return {
    id: Number(row.id),
    event_id: String(row.event_id),
    endpoint_id: String(row.endpoint_id),
    state: String(row.state),
    attempts: Number(row.attempts),
    next_at: numberOf(row.next_at),
    lane: String(row.lane),
    twin: row.twin === 1,
  };
}

const numberOf = (value: unknown) => (typeof value === "number" ? value : null);
const textOf = (value: unknown) => (typeof value === "string" ? value : null);
