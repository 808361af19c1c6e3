import type { Executor } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";

type Row = { key: string; data: object };

/**
 * What other servers are to be told, as a delivery and a job for each endpoint that wants it; jobs about deliveries that exist are
 * passed on. The rows are in the order in which they were written: of one order that is the order in which it changed, because whoever
 * changes it holds its row until it commits.
 */
export async function deliveriesOf(
  { settings }: Engine,
  { query }: Executor,
  rows: readonly Row[],
): Promise<Row[]> {
  const [known, told] = [rows.filter(isKnown), rows.filter((row) => !isKnown(row))];
  if (told.length === 0) return known;
  const { rows: made } = await query<{ id: string; endpointId: string; key: string }>(MAKE, [
    JSON.stringify(told),
    settings.outboundWebhook !== undefined,
  ]);
  const jobs = made.map(({ id, endpointId, key }) => ({
    key: deliveryKey(key, endpointId),
    data: { deliveryId: id },
  }));
  return [...known, ...jobs];
}

/** The key of the first job of a delivery; others of the same one add why they are. */
export function deliveryKey(key: string, endpointId: string): string {
  return `${key} ${endpointId}`;
}

function isKnown({ data }: Row): boolean {
  return "deliveryId" in data;
}

/** The same thing is told an endpoint once, however often it is written. What has no order is told in order by itself. */
const MAKE = `
  insert into oncepaid.webhook_delivery (id, endpoint_id, key, what, subject)
  select gen_random_uuid(), e.id, t.key, t.data,
         coalesce(t.data ->> 'orderId',
                  (select coalesce(n.order_id, n.grant_id)::text from oncepaid.entitlement n
                    where n.id = (t.data ->> 'entitlementId')::uuid),
                  t.key)
    from rows from (jsonb_to_recordset($1::jsonb) as (key text, data jsonb)) with ordinality as t(key, data, place)
    join oncepaid.webhook_endpoint e
      on e.disabled_at is null and (e.url is not null or $2::boolean)
         and (e.events is null or t.data ->> 'type' = any (e.events))
   order by t.place, e.id
  on conflict (endpoint_id, key) do nothing
  returning id, endpoint_id as "endpointId", key`;
