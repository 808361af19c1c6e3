import type { Engine } from "#/engine.ts";
import type { OutboundWebhook } from "#/outbox/jobs.ts";
import type { OutboundEntitlement, OutboundEvent, OutboundOrder } from "#/rules/outbound-event.ts";

/** What another server is told, as it is true at this moment (docs/outbound-webhooks.md). */
export async function outboundEvent(
  engine: Engine,
  timestamp: string,
  what: OutboundWebhook,
): Promise<OutboundEvent> {
  if (what.type === "entitlement.changed") {
    return { type: what.type, timestamp, data: await entitlement(engine, what.entitlementId) };
  }
  return { type: what.type, timestamp, data: await order(engine, what.orderId) };
}

/** Ids, statuses and amounts in minor units; no address and no name. `version` grows with every change of the order. */
async function order(engine: Engine, orderId: string): Promise<OutboundOrder> {
  const { rows } = await engine.database.query<{ order: OutboundOrder }>(
    `select json_build_object(
              'orderId', o.id, 'version', o.version, 'cartId', o.cart_id, 'userId', o.user_id, 'status', o.status,
              'amountTotal', o.amount_total, 'amountRefunded', o.amount_refunded,
              'amountLost', o.amount_lost, 'currency', o.currency) as "order"
       from oncepaid."order" o where o.id = $1`,
    [orderId],
  );
  if (!rows[0]) throw new Error(`There is no order ${orderId}.`);
  return rows[0].order;
}

async function entitlement(engine: Engine, id: string): Promise<OutboundEntitlement> {
  const { rows } = await engine.database.query<{ entitlement: OutboundEntitlement }>(
    `select json_build_object(
              'entitlementId', e.id, 'version', coalesce(o.version, g.version), 'orderId', e.order_id,
              'userId', e.user_id, 'productKey', e.product_key, 'kind', e.kind, 'state', e.state, 'quantity', e.quantity,
              'startsAt', ${iso("e.starts_at")}, 'endsAt', ${iso("e.ends_at")}, 'reason', e.reason) as entitlement
       from oncepaid.entitlement e
       left join oncepaid."order" o on o.id = e.order_id
       left join oncepaid.granted_access g on g.id = e.grant_id
      where e.id = $1`,
    [id],
  );
  if (!rows[0]) throw new Error(`There is no entitlement ${id}.`);
  return rows[0].entitlement;
}

function iso(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
