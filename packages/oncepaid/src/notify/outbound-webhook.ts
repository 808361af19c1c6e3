import { createHash } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { Engine } from "#/engine.ts";
import { postTo } from "#/notify/post.ts";
import type { OutboundWebhook } from "#/outbox/jobs.ts";
import { isLoopback } from "#/settings.ts";

/**
 * Tells another server what happened, as docs/outbound-webhooks.md describes. Signed by the Standard Webhooks specification
 * (standardwebhooks.com); `webhook-id` is the same for every repetition. Throws when it should be tried again.
 */
export async function sendOutboundWebhook(engine: Engine, key: string, what: OutboundWebhook): Promise<void> {
  const { outboundWebhook, appUrl } = engine.settings;
  if (!outboundWebhook) throw new Error("Outbound webhooks are off: no receiver and secret are set.");
  const now = new Date();
  const data =
    what.type === "entitlement.changed"
      ? await entitlement(engine, what.entitlementId)
      : await order(engine, what.orderId);
  const body = JSON.stringify({ type: what.type, timestamp: now.toISOString(), data });
  const id = `msg_${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
  const status = await postTo(outboundWebhook.url, {
    body,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": new Webhook(outboundWebhook.secret).sign(id, now, body),
    },
    mayBePrivate: isLoopback(appUrl),
  });
  if (status < 200 || status > 299) throw new Error(`The receiver answered ${status}.`);
}

/** Ids, statuses and amounts in minor units; no address and no name. `version` grows with every change of the order. */
async function order(engine: Engine, orderId: string) {
  const { rows } = await engine.database.query<{ order: object }>(
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

async function entitlement(engine: Engine, id: string) {
  const row = await engine.database.db
    .selectFrom("entitlement")
    .innerJoin("order", "order.id", "entitlement.order_id")
    .selectAll("entitlement")
    .select("order.version")
    .where("entitlement.id", "=", id)
    .executeTakeFirstOrThrow();
  return {
    entitlementId: row.id,
    version: row.version,
    orderId: row.order_id,
    userId: row.user_id,
    productKey: row.product_key,
    kind: row.kind,
    state: row.state,
    quantity: row.quantity,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at?.toISOString() ?? null,
    reason: row.reason,
  };
}
