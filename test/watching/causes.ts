import type pg from "pg";
import { completed, newPayment, type StripeEvent, signed } from "../support/events.ts";
import type { OtherStripe } from "../support/other-stripe.ts";

/** What the causes of alerts need: the app by HTTP, its database, and its Stripe. */
export type Scene = {
  url: string;
  asServer: Record<string, string>;
  pool: pg.Pool;
  stripe: OtherStripe;
  work(): Promise<{ stop(): Promise<void> }>;
  stopDatabase(): Promise<void>;
};

/** More than the alert's ten and five; each checkout is tried three times. */
const REFUSED_DELIVERIES = 20;
const FAILED_CHECKOUTS = 8;
/** Whose purchase the app's handler refuses. */
export const UNLUCKY = "unlucky";

let carts = 0;

/** By alert: what brings it about. The last one ends the scene. */
export const CAUSES: Record<string, (scene: Scene) => Promise<void>> = {
  OncepaidDeliveriesRefused: async ({ url }) => {
    for (let sent = 0; sent < REFUSED_DELIVERIES; sent++) {
      await post(`${url}/api/stripe/webhook`, "{}", { "stripe-signature": "t=1,v1=00" });
    }
  },
  OncepaidForAPerson: async (scene) => {
    await deliver(scene, { ...(await payment(scene, "live")), livemode: true });
  },
  OncepaidEventsFail: async (scene) => {
    await deliver(scene, await payment(scene, UNLUCKY));
    await scene.pool.query(
      "update oncepaid.stripe_event set received_at = now() - interval '20 minutes' where outcome = 'failed'",
    );
  },
  OncepaidPaidNotGranted: async (scene) => {
    const { orderId } = await order(scene, "waits");
    // No way of the engine's leads there.
    await scene.pool.query(
      `update oncepaid."order" set status = 'PAID', paid_at = now() - interval '20 minutes' where id = $1`,
      [orderId],
    );
  },
  OncepaidNoWorker: async (scene) => {
    await deliver(scene, await payment(scene, "told"));
    await scene.pool.query("update oncepaid.outbox set created_at = now() - interval '5 minutes'");
  },
  OncepaidStripeFails: async (scene) => {
    scene.stripe.script.dropAnswers = true;
    const buyers = Array.from({ length: FAILED_CHECKOUTS }, (_, buyer) => `fails-${buyer}`);
    for (const buyer of buyers) await order(scene, buyer).catch(() => {});
    scene.stripe.script.dropAnswers = false;
  },
  OncepaidDown: ({ stopDatabase }) => stopDatabase(),
};

/** What a day brings: a purchase that is granted, so that everything has been counted once. */
export async function buy(scene: Scene, buyer: string): Promise<void> {
  const answer = await deliver(scene, await payment(scene, buyer));
  if (answer.status !== 200) throw new Error(`A payment was answered ${answer.status}.`);
}

async function payment(scene: Scene, buyer: string): Promise<StripeEvent> {
  const { orderId, sessionId } = await order(scene, buyer);
  return completed(newPayment(orderId, sessionId));
}

async function order({ url, asServer }: Scene, userId: string) {
  carts++;
  const cart = { cartId: `cart-watching-${carts}`, productKey: "guide", userId };
  const answer = await post(`${url}/api/checkout`, JSON.stringify(cart), asServer);
  if (!answer.ok) throw new Error(`A checkout was answered ${answer.status}.`);
  const { orderId, url: page } = Object(await answer.json());
  return { orderId: String(orderId), sessionId: String(page).split("/").at(-1) ?? "" };
}

function deliver({ url }: Scene, event: StripeEvent): Promise<Response> {
  const { payload, header } = signed(event);
  return post(`${url}/api/stripe/webhook`, payload, { "stripe-signature": header });
}

function post(url: string, body: string, headers: Record<string, string>): Promise<Response> {
  return fetch(url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
}
