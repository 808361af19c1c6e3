import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { type By, THE_APP } from "#/caller.ts";
import { inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { webhookId } from "#/notify/deliver.ts";
import { deliveryKey } from "#/outbox/deliveries.ts";
import { enqueue } from "#/outbox/jobs.ts";
import { pageOf, pageSize } from "#/page.ts";

/** What endpoints were told, as people look after it. */

/** Times are ISO 8601 in UTC. */
export type WebhookDelivery = {
  id: string;
  endpointId: string;
  /** `webhook-id`, as the receiver knows it. */
  webhookId: string;
  type: string;
  /** What it is about; of what is told of access also its order, where it has one. */
  orderId: string | null;
  entitlementId: string | null;
  createdAt: string;
  /** Null while it waits or is tried; `dropped` where its endpoint was disabled before. */
  outcome: "delivered" | "given_up" | "dropped" | null;
  settledAt: string | null;
  attempts: number;
  /** What the newest try was answered. */
  status: number | null;
};

/** One try. `error` says why nobody answered. */
export type WebhookAttempt = {
  at: string;
  milliseconds: number;
  request: { headers: Record<string, string>; body: string };
  status: number | null;
  /** The first 2,000 bytes of what was answered. */
  answer: string | null;
  error: string | null;
};

/** `next` is `after` of the following page; null on the last one. */
export type DeliveryPage = { deliveries: WebhookDelivery[]; next: string | null };

const SIZES = { usual: 50, largest: 100 };
const UNKNOWN = failure("not_found", "There is no such delivery.");

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const iso = (column: string) => `to_char(${column} at time zone 'UTC', ${ISO})`;
const SHOWN = `
  d.seq, d.key, json_build_object(
    'id', d.id, 'endpointId', d.endpoint_id, 'type', d.what ->> 'type',
    'orderId', coalesce(d.what ->> 'orderId', (select n.order_id::text from oncepaid.entitlement n
                                                where n.id = (d.what ->> 'entitlementId')::uuid)),
    'entitlementId', d.what ->> 'entitlementId', 'createdAt', ${iso("d.created_at")}, 'outcome', d.outcome,
    'settledAt', ${iso("d.settled_at")},
    'attempts', (select count(*) from oncepaid.webhook_attempt a where a.delivery_id = d.id),
    'status', (select a.status from oncepaid.webhook_attempt a where a.delivery_id = d.id order by a.id desc limit 1)) as shown`;

type Row = { seq: number; key: string; shown: Omit<WebhookDelivery, "webhookId"> };

/** The newest first. */
export async function listDeliveries(
  { database }: Engine,
  endpointId: string,
  { after, limit }: { after?: string | undefined; limit?: number | undefined } = {},
): Promise<DeliveryPage> {
  if (!isUuid(endpointId)) return { deliveries: [], next: null };
  const size = pageSize(limit, SIZES);
  const { rows } = await database.query<Row>(
    `select ${SHOWN} from oncepaid.webhook_delivery d
      where d.endpoint_id = $1 and ($2::bigint is null or d.seq < $2) order by d.seq desc limit $3`,
    [endpointId, after && /^\d{1,18}$/.test(after) ? after : null, size + 1],
  );
  const { page, next } = pageOf(rows, size, ({ seq }) => String(seq));
  return { deliveries: page.map(view), next };
}

/** One with every try that is kept, the newest first. */
export async function showDelivery(
  { database }: Engine,
  id: string,
): Promise<{ ok: true; delivery: WebhookDelivery; attempts: WebhookAttempt[] } | Failure> {
  if (!isUuid(id)) return UNKNOWN;
  const { rows } = await database.query<Row>(
    `select ${SHOWN} from oncepaid.webhook_delivery d where d.id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) return UNKNOWN;
  const { rows: attempts } = await database.query<{ attempt: WebhookAttempt }>(
    `select json_build_object('at', ${iso("a.at")}, 'milliseconds', a.milliseconds, 'request', a.request, 'status', a.status,
                              'answer', a.answer, 'error', a.error) as attempt
       from oncepaid.webhook_attempt a where a.delivery_id = $1 order by a.id desc limit ${SIZES.largest}`,
    [id],
  );
  return { ok: true, delivery: view(row), attempts: attempts.map(({ attempt }) => attempt) };
}

/** Sends one once more, with the same `webhook-id` and what is true now; whatever became of it before. Each call is another one. */
export async function resendDelivery(
  engine: Engine,
  id: string,
  { by = THE_APP }: By,
): Promise<{ ok: true } | Failure> {
  if (!isUuid(id)) return UNKNOWN;
  const { rows } = await engine.database.query<{ key: string; endpointId: string; disabled: boolean }>(
    `select d.key, e.id as "endpointId", e.disabled_at is not null or (e.url is null and not $2::boolean) as disabled
       from oncepaid.webhook_delivery d join oncepaid.webhook_endpoint e on e.id = d.endpoint_id where d.id = $1`,
    [id, engine.settings.outboundWebhook !== undefined],
  );
  const [row] = rows;
  if (!row) return UNKNOWN;
  if (row.disabled) {
    return failure("endpoint_disabled", "Nothing is sent to this endpoint at the moment: enable it first.");
  }
  const key = `${deliveryKey(row.key, row.endpointId)} again ${uuidv7()}`;
  const job = { queue: "outbound_webhook", key, data: { deliveryId: id, again: true } };
  await inTransaction(engine.database, async (transaction) => {
    await enqueue(engine, transaction, [job]);
    const details = { endpointId: row.endpointId };
    await writeAct(transaction, { by, what: "endpoint.resent", about: id, details });
  });
  engine.log.info({ delivery: id, by }, "webhook sent again");
  return { ok: true };
}

function view({ key, shown }: Row): WebhookDelivery {
  return { ...shown, webhookId: webhookId(key) };
}
