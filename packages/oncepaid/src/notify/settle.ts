import { inTransaction, type Transaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import type { Attempt, Delivery } from "#/notify/delivery.ts";
import { restEndpoint } from "#/notify/rest.ts";
import { deliveryKey } from "#/outbox/deliveries.ts";
import { enqueue } from "#/outbox/jobs.ts";

/** The receiver says that it is gone for good. Source: Standard Webhooks, "Delivery failures and redelivery". */
const GONE = 410;
/** An endpoint that took nothing for so long, and so often, rests. */
const REST_AFTER_DAYS = 3;
const REST_AFTER_FAILURES = 20;

/**
 * Writes down one try with everything that follows from it, all or nothing: what was taken, or given up, lets the next one of the
 * order go; an endpoint that takes nothing for days rests. A try that ran twice is two attempts, and settles once.
 */
export function settleTry(
  engine: Engine,
  delivery: Delivery,
  attempt: Attempt,
  { isLast, again }: { isLast: boolean; again: boolean },
): Promise<void> {
  return inTransaction(engine.database, async (transaction) => {
    if (!(await note(transaction, delivery, attempt))) return;
    if (attempt.taken) await forgetFailures(transaction, delivery);
    else if (await isDead(transaction, delivery, attempt.status)) {
      return restEndpoint(engine, transaction, delivery.endpointId);
    }
    const outcome = attempt.taken ? "delivered" : isLast && !again ? "given_up" : undefined;
    if (outcome) await settle(engine, transaction, delivery, outcome);
  });
}

/** False where the endpoint was removed meanwhile, with all that was kept of it. */
async function note({ query }: Transaction, { id }: Delivery, attempt: Attempt): Promise<boolean> {
  const { at, request, status, answer, error } = attempt;
  const { rowCount } = await query(
    `insert into oncepaid.webhook_attempt (delivery_id, at, milliseconds, request, status, answer, error)
     select id, $2::timestamptz, $3::integer, $4::jsonb, $5::integer, $6::text, $7::text
       from oncepaid.webhook_delivery where id = $1 for key share`,
    [
      id,
      at,
      Date.now() - at.getTime(),
      JSON.stringify(request),
      status,
      answer,
      error?.slice(0, 1_000) ?? null,
    ],
  );
  return rowCount > 0;
}

async function forgetFailures({ query }: Transaction, { endpointId }: Delivery): Promise<void> {
  await query(
    "update oncepaid.webhook_endpoint set failing_since = null, failures = 0 where id = $1 and failures > 0",
    [endpointId],
  );
}

/** Counts one more failure. */
async function isDead(
  { query }: Transaction,
  { endpointId }: Delivery,
  status: number | null,
): Promise<boolean> {
  const { rows } = await query<{ dead: boolean }>(
    `update oncepaid.webhook_endpoint set failures = failures + 1, failing_since = coalesce(failing_since, now()) where id = $1
     returning $2 or (failures >= ${REST_AFTER_FAILURES} and failing_since < now() - interval '${REST_AFTER_DAYS} days') as dead`,
    [endpointId, status === GONE],
  );
  return rows[0]?.dead ?? false;
}

/** The order of the two statements counts: the second one sees whatever waited for the first. */
async function settle(
  engine: Engine,
  transaction: Transaction,
  { id, endpointId, subject }: Delivery,
  outcome: "delivered" | "given_up",
): Promise<void> {
  await transaction.query(
    `update oncepaid.webhook_delivery set outcome = $2, settled_at = now() where id = $1 and outcome is distinct from 'delivered'`,
    [id, outcome],
  );
  const { rows } = await transaction.query<{ id: string; key: string }>(
    `select id, key from oncepaid.webhook_delivery
      where endpoint_id = $1 and subject = $2 and settled_at is null order by seq limit 1`,
    [endpointId, subject],
  );
  await enqueue(
    engine,
    transaction,
    rows.map((next) => ({
      queue: "outbound_webhook",
      key: `${deliveryKey(next.key, endpointId)} after ${id}`,
      data: { deliveryId: next.id },
    })),
  );
}
