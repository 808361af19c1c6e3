import { sql } from "kysely";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { parseEvent } from "#/webhooks/event.ts";
import { applyEvent, type Received } from "#/webhooks/receive.ts";

/** The inbox as a person works with it: what waits for them, tried again or put away. */
export type InboxEvent = {
  id: string;
  type: string;
  outcome: string;
  /** Why it was ignored, quarantined or failed. */
  error: string | null;
  attempts: number;
  orderId: string | null;
  /** ISO 8601 in UTC. */
  created: string;
  receivedAt: string;
};

const PAGE = 100;

/** The newest events of one outcome. */
export async function listEvents(engine: Engine, outcome: "failed" | "quarantined"): Promise<InboxEvent[]> {
  const rows = await engine.database.db
    .selectFrom("stripe_event")
    .select(["id", "type", "outcome", "error", "attempts", "order_id", "created", "received_at"])
    .where("outcome", "=", outcome)
    .orderBy("received_at", "desc")
    .limit(PAGE)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    outcome: row.outcome,
    error: row.error,
    attempts: row.attempts,
    orderId: row.order_id,
    created: row.created.toISOString(),
    receivedAt: row.received_at.toISOString(),
  }));
}

/**
 * Sends a stored event through the door again. A quarantined one is released by this: first it counts as failed, so
 * that the sweep takes over should the process die here. One that was applied stays as it is.
 */
export async function replayEvent(engine: Engine, id: string): Promise<Received | Failure> {
  const { rows } = await engine.database.query<{ payload: string }>(
    `update oncepaid.stripe_event set outcome = case when outcome in ('quarantined', 'ignored') then 'failed' else outcome end
      where id = $1 returning payload::text as payload`,
    [id],
  );
  const stored = rows[0];
  if (!stored) return failure("not_found", `There is no event ${id} here.`);
  const event = parseEvent(stored.payload);
  if (!event) return failure("invalid_request", `What is stored as ${id} is not an event.`);
  return applyEvent(engine, event);
}

/** Puts away an event that is not to be applied, with who said so. Only what failed or is quarantined can be. */
export async function dismissEvent(engine: Engine, id: string, by: string): Promise<{ ok: true } | Failure> {
  const { numUpdatedRows } = await engine.database.db
    .updateTable("stripe_event")
    .set({ outcome: "ignored", error: sql`concat(${`Dismissed by ${by}. `}::text, error)` })
    .where("id", "=", id)
    .where("outcome", "in", ["failed", "quarantined"])
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return { ok: true };
  return failure("not_found", `There is no failed or quarantined event ${id} here.`);
}
