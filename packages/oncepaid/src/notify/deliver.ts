import { createHash } from "node:crypto";
import { Webhook } from "standardwebhooks";
import type { Engine } from "#/engine.ts";
import { messageOf } from "#/failure.ts";
import type { Attempt, Delivery } from "#/notify/delivery.ts";
import { outboundEvent } from "#/notify/outbound-webhook.ts";
import { postTo } from "#/notify/post.ts";
import { settleTry } from "#/notify/settle.ts";
import { enqueue, Hopeless, type OutboundWebhook, type WebhookDelivery } from "#/outbox/jobs.ts";
import { isLoopback } from "#/settings.ts";

/**
 * Tells one endpoint one thing, signed by the Standard Webhooks specification (standardwebhooks.com). Of one order an endpoint hears in
 * order: what comes later waits until what is before it was taken, or given up, and whoever settles that one announces it. Throws when
 * it should be tried again. `isLast`: nobody will.
 */
export async function deliver(
  engine: Engine,
  key: string,
  data: OutboundWebhook | WebhookDelivery,
  isLast: boolean,
): Promise<void> {
  // A job of the time when there was one endpoint: the relay makes a delivery of it.
  if (!("deliveryId" in data)) {
    return enqueue(engine, engine.database, [{ queue: "outbound_webhook", key, data }]);
  }
  const delivery = await readDelivery(engine, data.deliveryId);
  // The endpoint was removed.
  if (!delivery) return;
  if (!data.again && !(await isDue(engine, delivery))) return;
  if (delivery.disabled) throw new Hopeless("Nothing is sent to this endpoint at the moment.");
  const attempt = await tryOnce(engine, delivery);
  await settleTry(engine, delivery, attempt, { isLast, again: data.again ?? false });
  if (!attempt.taken) throw new Error(attempt.error ?? `The receiver answered ${attempt.status}.`);
}

/** Work of a person sends what was given up once more. */
async function isDue({ database }: Engine, { id, endpointId, subject, outcome }: Delivery): Promise<boolean> {
  if (outcome !== null) return outcome === "given_up";
  // The row lock waits for whoever settles it at this moment: either this sees that, or that one sees this delivery.
  const { rows } = await database.query<{ id: string }>(
    `select id from oncepaid.webhook_delivery
      where endpoint_id = $1 and subject = $2 and settled_at is null order by seq limit 1 for no key update`,
    [endpointId, subject],
  );
  return rows[0]?.id === id;
}

async function readDelivery(engine: Engine, id: string): Promise<Delivery | undefined> {
  const { rows } = await engine.database.query<Delivery>(
    `select d.id, d.endpoint_id as "endpointId", d.key, d.subject, d.what, d.outcome, e.url,
            array_remove(array[e.secret, case when e.former_secret_until > now() then e.former_secret end], null) as secrets,
            e.disabled_at is not null or (e.url is null and not $2::boolean) as disabled
       from oncepaid.webhook_delivery d join oncepaid.webhook_endpoint e on e.id = d.endpoint_id where d.id = $1`,
    [id, engine.settings.outboundWebhook !== undefined],
  );
  return rows[0];
}

async function tryOnce(engine: Engine, delivery: Delivery): Promise<Attempt> {
  const now = new Date();
  const { outboundWebhook, appUrl } = engine.settings;
  const url = delivery.url ?? outboundWebhook?.url;
  const secrets = delivery.url === null ? [outboundWebhook?.secret ?? []].flat() : delivery.secrets;
  const body = JSON.stringify(await outboundEvent(engine, now.toISOString(), delivery.what));
  const headers = headersOf(delivery.key, secrets, now, body);
  const request = { headers, body };
  try {
    if (url === undefined) throw new Error("The settings name no receiver any more.");
    const { status, answer } = await postTo(new URL(url), { ...request, mayBePrivate: isLoopback(appUrl) });
    return { at: now, request, status, answer, error: null, taken: status >= 200 && status <= 299 };
  } catch (error) {
    return { at: now, request, status: null, answer: null, error: messageOf(error), taken: false };
  }
}

function headersOf(key: string, secrets: readonly string[], now: Date, body: string) {
  const id = webhookId(key);
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    // Several, with a space between, while a secret is being replaced. Source: Standard Webhooks, "Webhook signature".
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(" "),
  };
}

/** The same for every repetition, and for each endpoint that is told. */
export function webhookId(key: string): string {
  return `msg_${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
}
