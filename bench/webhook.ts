import { createHmac } from "node:crypto";
import pg from "pg";
import { API_VERSION } from "../packages/oncepaid/src/stripe/client.ts";
import { type Original, writeCopies } from "./copies.ts";
import { machineTicks, usedMs } from "./cpu.ts";
import { type Load, type Post, postAll } from "./load.ts";
import { type BenchedShop, type OpenOrder, openOrder } from "./shop.ts";

export const CONNECTIONS = 16;
const WARM = 500;
const MEASURED = 4_000;
/** The tables an order is in before it is paid. */
export const UNPAID = ["order", "order_item", "checkout_attempt"];

type Session = Record<string, unknown> & { metadata: Record<string, string> };

/** What a round of paid orders came to; CPU in milliseconds per event, null where the system doesn't tell. */
export type Paid = {
  load: Load;
  nodeMs: number | null;
  postgresMs: number | null;
  loadMs: number;
  /** Which part of the time of the machine's processors something was done; null where the system doesn't tell. */
  busy: number | null;
  stripeCalls: number;
  /** One of the events. */
  payload: string;
};

/** Orders are paid: each has one signed `checkout.session.completed`, granted by the time it is answered. */
export async function measureWebhook(shop: BenchedShop, stem: string): Promise<Paid> {
  const posts = await unpaid(shop, stem, WARM + MEASURED);
  await postAll(shop.url, posts.slice(0, WARM), CONNECTIONS);
  const [node, postgres, calls] = [usedMs(shop.pids.app), usedMs(shop.pids.postgres), shop.stripe.calls()];
  const machine = machineTicks();
  const load = await postAll(shop.url, posts.slice(WARM), CONNECTIONS);
  const busy = busyPart(machine, machineTicks());
  return {
    load,
    nodeMs: perEvent(node, usedMs(shop.pids.app)),
    postgresMs: perEvent(postgres, usedMs(shop.pids.postgres)),
    loadMs: load.cpuMs / MEASURED,
    busy,
    stripeCalls: shop.stripe.calls() - calls,
    payload: posts[0]?.body ?? "{}",
  };
}

function perEvent(before: number | undefined, after: number | undefined): number | null {
  return before === undefined || after === undefined ? null : (after - before) / MEASURED;
}

function busyPart(before: ReturnType<typeof machineTicks>, after: ReturnType<typeof machineTicks>) {
  return before && after ? (after.busy - before.busy) / (after.all - before.all) : null;
}

/** Orders with an open session, one opened by the app and the others copies of it, and for each the event that it is paid. */
export async function unpaid(shop: BenchedShop, stem: string, count: number): Promise<Post[]> {
  const order = await openOrder(shop, stem);
  const original: Original = { order, stem, others: [] };
  const session = await sessionOf(shop, order);
  const client = new pg.Client({ connectionString: shop.databaseUrl });
  await client.connect();
  try {
    await writeCopies(client, UNPAID, original, count);
    await settleTables(client);
    const { rows } = await client.query<OpenOrder>(
      `select id as "orderId", stripe_checkout_session_id as "sessionId", cart_id as "cartId", user_id as "userId"
         from oncepaid."order" where cart_id like $1 order by id`,
      [`cart-${stem}copy%`],
    );
    return rows.map((one) => signed(JSON.stringify(paidEvent(one, session)), shop.webhookSecret));
  } finally {
    await client.end();
  }
}

/** What was written before is read and cleared now, and not by PostgreSQL itself in the middle of what is measured. */
export async function settleTables(client: pg.Client): Promise<void> {
  for (const table of UNPAID) await client.query(`vacuum (analyze) oncepaid."${table}"`);
}

/** One order more, paid like the others. */
export async function payAlone(shop: BenchedShop, order: OpenOrder, stem: string): Promise<void> {
  const event = paidEvent(order, await sessionOf(shop, order), stem);
  await postAll(shop.url, [signed(JSON.stringify(event), shop.webhookSecret)], 1);
}

/** As Stripe shows it, so that the event is as long as a real one. */
export async function sessionOf(shop: BenchedShop, order: OpenOrder | undefined): Promise<Session> {
  const response = await fetch(`${shop.stripe.url}/v1/checkout/sessions/${order?.sessionId}`, {
    headers: { authorization: "Bearer sk_test_bench" },
  });
  return response.json();
}

/** `stem` is in every id that is the event's own. */
export function paidEvent(order: OpenOrder, session: Session, stem = order.cartId) {
  const { orderId, sessionId, cartId, userId } = order;
  return {
    id: `evt_${stem}`,
    object: "event",
    api_version: API_VERSION,
    created: Math.floor(Date.now() / 1000),
    type: "checkout.session.completed",
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    data: {
      object: {
        ...session,
        id: sessionId,
        client_reference_id: orderId,
        metadata: { ...session.metadata, order_id: orderId, cart_id: cartId, user_id: userId },
        status: "complete",
        payment_status: "paid",
        payment_intent: `pi_${stem}`,
        customer_details: { email: `${stem}@example.com`, name: "Ada Lovelace" },
      },
    },
  };
}

/** Source: docs.stripe.com/webhooks/signature, "Verify webhook signatures manually". */
function signed(body: string, secret: string): Post {
  const at = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return {
    path: "/api/stripe/webhook",
    headers: { "content-type": "application/json", "stripe-signature": `t=${at},v1=${signature}` },
    body,
  };
}
