import { writeAct } from "#/audit/write.ts";
import { inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { parseEvent } from "#/webhooks/event.ts";
import { applyEvent, type Received } from "#/webhooks/receive.ts";

/** The stored events as a person works with them: those that wait for one are looked at, tried again or put away. */
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

const PAGE_SIZE = 100;

/** The newest events of one outcome. */
export async function listEvents(engine: Engine, outcome: "failed" | "quarantined"): Promise<InboxEvent[]> {
  const rows = await engine.database.db
    .selectFrom("stripe_event")
    .select(["id", "type", "outcome", "error", "attempts", "order_id", "created", "received_at"])
    .where("outcome", "=", outcome)
    .orderBy("received_at", "desc")
    .limit(PAGE_SIZE)
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
 * Applies a stored event again. One that is quarantined or ignored is released by this: it counts as failed first, so that the
 * sweep takes over should the process die here. One that was applied stays as it is. `by` is who wants it; nobody where recovery does it.
 */
export async function replayEvent(engine: Engine, id: string, by?: string): Promise<Received | Failure> {
  const { rows } = await engine.database.query<{ payload: string }>(
    "select payload::text as payload from oncepaid.stripe_event where id = $1",
    [id],
  );
  if (!rows[0]) return failure("not_found", `There is no event ${id} here.`);
  const event = parseEvent(rows[0].payload);
  if (!event)
    return failure(
      "invalid_request",
      `What is stored as ${id} can't be read as an event, so it stays as it is.`,
    );
  await inTransaction(engine.database, async (transaction) => {
    await transaction.query(
      "update oncepaid.stripe_event set outcome = 'failed' where id = $1 and outcome in ('quarantined', 'ignored')",
      [id],
    );
    const details = { type: event.type };
    if (by !== undefined) await writeAct(transaction, { by, what: "event.replayed", about: id, details });
  });
  return applyEvent(engine, event);
}

/** Puts away an event that is not to be applied, with who said so. Only what failed or is quarantined can be. */
export async function dismissEvent(engine: Engine, id: string, by: string): Promise<{ ok: true } | Failure> {
  const isDismissed = await inTransaction(engine.database, async (transaction) => {
    const { rows } = await transaction.query<{ type: string }>(
      `update oncepaid.stripe_event set outcome = 'ignored', error = concat($2::text, error)
        where id = $1 and outcome in ('failed', 'quarantined') returning type`,
      [id, `Dismissed by ${by}. `],
    );
    for (const details of rows)
      await writeAct(transaction, { by, what: "event.dismissed", about: id, details });
    return rows.length > 0;
  });
  if (isDismissed) return { ok: true };
  return failure("not_found", `There is no failed or quarantined event ${id} here.`);
}
