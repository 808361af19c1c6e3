import { createHmac } from "node:crypto";
import { API_VERSION } from "../packages/oncepaid/src/stripe/client.ts";
import { type Load, type Post, postAll } from "./load.ts";
import { type BenchedShop, type OpenOrder, openOrders } from "./shop.ts";

export const CONNECTIONS = 16;
const WARM = 500;
const MEASURED = 4_000;

type Session = Record<string, unknown> & { metadata: Record<string, string> };

/** Orders are paid: each has one signed `checkout.session.completed`, granted by the time it is answered. */
export async function measureWebhook(
  shop: BenchedShop,
  name: string,
): Promise<{ load: Load; stripeCalls: number }> {
  const orders = await openOrders(shop, WARM + MEASURED, name);
  const session = await sessionOf(shop, orders[0]);
  const posts = orders.map((order) => signed(JSON.stringify(paidEvent(order, session)), shop.webhookSecret));
  await postAll(shop.url, posts.slice(0, WARM), CONNECTIONS);
  const before = shop.stripe.calls();
  const load = await postAll(shop.url, posts.slice(WARM), CONNECTIONS);
  return { load, stripeCalls: shop.stripe.calls() - before };
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
        customer_details: { email: "buyer@example.com" },
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
