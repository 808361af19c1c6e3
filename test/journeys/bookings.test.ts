import type pg from "pg";
import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../shop/embedded/alive.ts";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { openPool } from "../support/database.ts";

/** Places of the built app on the sandbox: its deliveries, sessions that end, and the refunds that we ask it for. */
const PATIENCE = 60_000;

let app: TestApp;
let stripe: Stripe;
let pool: pg.Pool;

beforeAll(async () => {
  app = await startApp({ env: { API_KEYS: API_KEY } });
  pool = openPool(app.databaseUrl);
  const { hostname, port } = new URL(app.stripeUrl);
  stripe = new Stripe(app.env.STRIPE_SECRET_KEY ?? "", {
    host: hostname,
    port,
    protocol: "http",
    telemetry: false,
  });
});
afterAll(async () => {
  await pool?.end();
  await app?.stop();
});

async function ask(method: string, path: string, body?: unknown) {
  const headers = { "content-type": "application/json", authorization: `Bearer ${API_KEY}` };
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(`${app.url}/api${path}`, init);
  const json: Record<string, unknown> = await response.json();
  return { status: response.status, json };
}

async function newSlot(capacity: number): Promise<string> {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const times = { startsAt: day(7), endsAt: day(7.1), timeZone: "Asia/Kolkata", place: "Bengaluru" };
  const { json } = await ask("POST", "/admin/slots", { productKey: "workshop", capacity, ...times });
  return String(Object(json.slot).id);
}

let buyers = 0;
async function checkout(slotId: string) {
  buyers++;
  const cart = { cartId: `cart-journey-${buyers}`, userId: `buyer-${buyers}`, email: "asha@example.com" };
  const { status, json } = await ask("POST", "/checkout", { ...cart, productKey: "workshop", slotId });
  const sessionId = /cs_test_\w+/.exec(String(json.url))?.[0] ?? "";
  return { status, code: json.code, orderId: String(json.orderId), sessionId };
}

const pay = (sessionId: string) =>
  stripe.rawRequest("POST", `/v1/payment_pages/${sessionId}/confirm`, { payment_method: "pm_card_visa" });

/** Waits until the order and its place are so. */
async function becomes(orderId: string, status: string, place: string): Promise<void> {
  const now = async () => {
    const { json } = await ask("GET", `/orders/${orderId}`);
    return [json.status, Object(json.booking).state].join();
  };
  await until(async () => (await now()) === [status, place].join(), PATIENCE);
  expect(await now()).toBe([status, place].join());
}

test("a session that ends lets the next buyer in, a payment books the place, a refund frees it again", async () => {
  const slotId = await newSlot(1);
  const first = await checkout(slotId);
  expect((await checkout(slotId)).code).toBe("sold_out");
  await stripe.checkout.sessions.expire(first.sessionId);
  await becomes(first.orderId, "CANCELED", "released");

  const second = await checkout(slotId);
  expect(second.status).toBe(200);
  await pay(second.sessionId);
  await becomes(second.orderId, "FULFILLED", "booked");
  expect((await checkout(slotId)).code).toBe("sold_out");

  const { payment_intent } = await stripe.checkout.sessions.retrieve(second.sessionId);
  await stripe.refunds.create({ payment_intent: String(payment_intent) });
  await becomes(second.orderId, "REFUNDED", "released");
  expect((await checkout(slotId)).status).toBe(200);
});

test("a date is canceled: who booked it and who pays for it afterwards both have their money back from us", async () => {
  const slotId = await newSlot(2);
  const [booked, late] = [await checkout(slotId), await checkout(slotId)];
  await pay(booked.sessionId);
  await becomes(booked.orderId, "FULFILLED", "booked");
  const canceled = await ask("DELETE", `/admin/slots/${slotId}?refund=true`);
  expect(canceled).toMatchObject({ status: 200, json: { refunding: 1 } });
  await becomes(booked.orderId, "REFUNDED", "released");
  await pay(late.sessionId);
  await becomes(late.orderId, "REFUNDED", "refused");
  for (const { sessionId } of [booked, late]) {
    const { payment_intent } = await stripe.checkout.sessions.retrieve(sessionId);
    const refunds = await stripe.refunds.list({ payment_intent: String(payment_intent) });
    expect(refunds.data.map(({ amount, status }) => [amount, status])).toEqual([[14900, "succeeded"]]);
  }
  const { rows } = await pool.query(`select taken from slot where id = $1`, [slotId]);
  expect(rows).toEqual([{ taken: 0 }]);
});
