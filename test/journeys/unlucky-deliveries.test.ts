import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";

/**
 * Whole histories of orders through the real door, while everything goes wrong on the way that can: what the app holds
 * in the end is what an undisturbed run would hold.
 */
const SEED = 20_261_123;
const FAULTS = [
  { fault: "duplicate", probability: 0.15 },
  { fault: "twin", probability: 0.15 },
  { fault: "reorder", probability: 0.3 },
  { fault: "burst", probability: 0.1 },
  { fault: "delay", probability: 0.1, seconds: 120 },
  { fault: "drop", probability: 0.15 },
  { fault: "tamper", probability: 0.05 },
  { fault: "bad_signature", probability: 0.05 },
  { fault: "stale_signature", probability: 0.05 },
  { fault: "reset_after", probability: 0.1 },
  { fault: "down", probability: 0.1 },
];
const OF_EACH = 8;
/** Seconds on the sandbox's clock: past every delay and every retry it still has to make. */
const LONG_ENOUGH = 24 * 60 * 60;

let app: TestApp;
let stripe: Stripe;

beforeAll(async () => {
  app = await startApp({ env: { API_KEYS: API_KEY } });
  const { hostname, port } = new URL(app.stripeUrl);
  stripe = new Stripe("sk_test_sandbox", { host: hostname, port, protocol: "http", telemetry: false });
});
afterAll(() => app.stop());

type Order = { orderId: string; sessionId: string };
type History = { product: string; card?: string; live: (order: Order) => Promise<void>; ends: object };

const authorization = `Bearer ${API_KEY}`;

async function control(method: string, path: string, body: object = {}): Promise<unknown> {
  const init = { method, body: JSON.stringify(body) };
  const response = await fetch(`${app.stripeUrl}/sandbox/${path}`, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** Everything that is due has been sent. */
async function sent(): Promise<void> {
  while (Object(await control("POST", "webhooks/idle")).idle !== true) {}
}

async function order(product: string, cartId: string): Promise<Order> {
  const response = await fetch(`${app.url}/api/checkout`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization },
    body: JSON.stringify({ cartId, productKey: product, userId: `buyer-of-${cartId}` }),
  });
  const { url, orderId }: { url: string; orderId: string } = await response.json();
  return { orderId, sessionId: /cs_test_\w+/.exec(url)?.[0] ?? "" };
}

const pay = ({ sessionId }: Order, method = "pm_card_visa") =>
  stripe.rawRequest("POST", `/v1/payment_pages/${sessionId}/confirm`, { payment_method: method });

async function paymentOf({ sessionId }: Order): Promise<string> {
  const { payment_intent: payment } = await stripe.checkout.sessions.retrieve(sessionId);
  return typeof payment === "string" ? payment : (payment?.id ?? "");
}

async function subscriptionOf({ sessionId }: Order): Promise<string> {
  const { subscription } = await stripe.checkout.sessions.retrieve(sessionId);
  return typeof subscription === "string" ? subscription : (subscription?.id ?? "");
}

const refund = async (order: Order, amount?: number) => {
  await stripe.refunds.create({ payment_intent: await paymentOf(order), ...(amount && { amount }) });
};

const HISTORIES: Record<string, History> = {
  paid: { product: "ebook", live: async () => {}, ends: { status: "FULFILLED", access: "active" } },
  "given back": {
    product: "ebook",
    live: (order) => refund(order),
    ends: { status: "REFUNDED", access: "ended" },
  },
  "given back in part": {
    product: "ebook",
    live: (order) => refund(order, 500),
    ends: { status: "FULFILLED", access: "active" },
  },
  "given back in two parts": {
    product: "ebook",
    live: async (order) => {
      await refund(order, 900);
      await refund(order, 1000);
    },
    ends: { status: "REFUNDED", access: "ended" },
  },
  disputed: {
    product: "ebook",
    card: "pm_card_createDispute",
    live: async () => {},
    ends: { status: "FULFILLED", access: "suspended" },
  },
  "a plan": { product: "pro", live: async () => {}, ends: { status: "FULFILLED", access: "active" } },
  "a plan that was canceled": {
    product: "pro",
    live: async (order) => void (await stripe.subscriptions.cancel(await subscriptionOf(order))),
    ends: { status: "CANCELED", access: "ended" },
  },
};

test("every history ends as it would have without a single fault", { timeout: 240_000 }, async () => {
  for (const [number, fault] of FAULTS.entries()) {
    await control("POST", "faults/deliveries", { ...fault, seed: SEED + number });
  }
  const lived = await Promise.all(
    Object.entries(HISTORIES).flatMap(([name, history], kind) =>
      Array.from({ length: OF_EACH }, async (_, number) => {
        const made = await order(history.product, `cart-unlucky-${kind}-${number}`);
        await pay(made, history.card);
        await history.live(made);
        return { name, made, ends: history.ends };
      }),
    ),
  );
  await sent();
  const { data: struck } = await (await fetch(`${app.stripeUrl}/sandbox/faults`)).json();
  for (const fault of struck) expect(fault.struck, fault.rule.fault).toBeGreaterThan(0);
  await control("DELETE", "faults");
  await control("POST", "clock/advance", { seconds: LONG_ENOUGH });
  await sent();
  expect((await stripe.events.list({ delivery_success: false, limit: 100 })).data).toEqual([]);

  for (const { name, made, ends } of lived) {
    const response = await fetch(`${app.url}/api/admin/orders/${made.orderId}`, {
      headers: { authorization },
    });
    const { order, timeline } = await response.json();
    const grants: { state: string }[] = order.entitlements;
    expect(
      { name, status: order.status, access: grants.map(({ state }) => state).join() },
      JSON.stringify(timeline),
    ).toEqual({
      name,
      ...ends,
    });
  }
});
