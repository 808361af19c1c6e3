import type { Engine } from "#/engine.ts";
import { deliveryKey } from "#/outbox/deliveries.ts";
import { enqueue } from "#/outbox/jobs.ts";

/**
 * Announces again what is first in its order and was not tried for two hours, twice as long as the longest pause between tries: its job
 * is lost, as after a worker that died at its last try, or queues that were restored from an older copy. Returns how many those were.
 */
export async function announceStuckDeliveries(engine: Engine): Promise<number> {
  const { rows } = await engine.database.query<{ id: string; key: string; endpointId: string; hour: string }>(
    `select d.id, d.key, d.endpoint_id as "endpointId", to_char(now(), 'YYYY-MM-DD HH24') as hour
       from (select distinct on (endpoint_id, subject) * from oncepaid.webhook_delivery
              where settled_at is null order by endpoint_id, subject, seq) as d
      where d.created_at < now() - interval '2 hours'
        and not exists (select from oncepaid.webhook_attempt a
                         where a.delivery_id = d.id and a.at > now() - interval '2 hours')
      limit 1000`,
  );
  await enqueue(
    engine,
    engine.database,
    rows.map(({ id, key, endpointId, hour }) => ({
      queue: "outbound_webhook",
      // Two sweeps at once announce it once.
      key: `${deliveryKey(key, endpointId)} at ${hour}`,
      data: { deliveryId: id },
    })),
  );
  return rows.length;
}
