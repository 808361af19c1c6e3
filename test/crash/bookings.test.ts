import type pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../../shop/embedded/alive.ts";
import { startApp as startAppProcess } from "../../shop/embedded/app.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { openPool } from "../support/database.ts";
import { completed, newPayment, signed } from "../support/events.ts";
import { type OtherStripe, startOtherStripe } from "../support/other-stripe.ts";

/** Places on several machines, and where one of them is killed with SIGKILL between two steps. */
let stripe: OtherStripe;
let app: TestApp;
let pool: pg.Pool;

beforeAll(async () => {
  stripe = await startOtherStripe();
  app = await startApp({ stripeApiBase: stripe.url, env: { API_KEYS: API_KEY } });
  pool = openPool(app.databaseUrl);
});
afterAll(async () => {
  await pool.end();
  await app.stop();
  await stripe.close();
});
afterEach(() => {
  stripe.script.latencyMs = undefined;
  stripe.script.answerLatencyMs = undefined;
  stripe.calls.length = 0;
});

const LONG = 120_000;
const PATIENCE = 60_000;

async function ask(path: string, body: unknown, origin = app.url) {
  const response = await fetch(`${origin}/api${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify(body),
  });
  const json: Record<string, unknown> = await response.json();
  return { status: response.status, json };
}

async function newSlot(capacity: number): Promise<string> {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const times = { startsAt: day(7), endsAt: day(7.1), timeZone: "Asia/Kolkata", place: "Bengaluru" };
  const { json } = await ask("/admin/slots", { productKey: "workshop", capacity, ...times });
  return String(Object(json.slot).id);
}

const cart = (cartId: string, slotId: string) => ({
  cartId,
  productKey: "workshop",
  slotId,
  userId: `buyer-of-${cartId}`,
});
const paymentOf = ({ orderId, url }: Record<string, unknown>) =>
  newPayment(String(orderId), String(url).slice(String(url).lastIndexOf("/") + 1));

async function deliver(event: ReturnType<typeof completed>): Promise<boolean> {
  const { payload, header } = signed(event);
  const headers = { "content-type": "application/json", "stripe-signature": header };
  const url = `${app.url}/api/stripe/webhook`;
  return (await fetch(url, { method: "POST", headers, body: payload }).catch(() => undefined))?.ok ?? false;
}

async function placesOf(slotId: string): Promise<Record<string, number>> {
  const { rows } = await pool.query(
    `select s.taken,
            (select count(*)::int from booking b where b.slot_id = s.id and b.state = 'held') as held,
            (select count(*)::int from booking b where b.slot_id = s.id and b.state = 'booked') as booked,
            (select count(*)::int from booking b join checkout_attempt a on a.order_id = b.order_id
              where b.slot_id = s.id) as attempts
       from slot s where s.id = $1`,
    [slotId],
  );
  return rows[0];
}

test("two machines share out ten places among two hundred buyers", async () => {
  const nextPort = freePortsFrom(30_000 + Math.floor(Math.random() * 20_000));
  const port = await nextPort();
  const env = { ...app.env, PORT: String(port), APP_URL: app.url };
  const other = await startAppProcess({ env, onSpawn: () => undefined });
  try {
    const slotId = await newSlot(10);
    const origins = [app.url, `http://localhost:${port}`];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, number) =>
        ask("/checkout", cart(`cart-machines-${number}`, slotId), origins[number % 2]),
      ),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(200), count(409)]).toEqual([10, 190]);
    expect(await placesOf(slotId)).toMatchObject({ taken: 10, held: 10 });
  } finally {
    await other.stop();
  }
});

test("killed in the middle of forty checkouts for ten places: no half is left, and the same buyers go on", async () => {
  const slotId = await newSlot(10);
  stripe.script.latencyMs = LONG;
  const carts = Array.from({ length: 40 }, (_, number) => cart(`cart-killed-${number}`, slotId));
  const unanswered = carts.map((body) => ask("/checkout", body).catch(() => undefined));
  expect(await until(() => stripe.calls.length >= 5, PATIENCE)).toBe(true);
  await app.kill();
  await Promise.all(unanswered);
  stripe.script.latencyMs = undefined;
  await app.restart();

  const left = await placesOf(slotId);
  expect(left.taken).toBe(left.held);
  expect(left.attempts).toBe(left.held);
  const answers = await Promise.all(carts.map((body) => ask("/checkout", body)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
  expect(await placesOf(slotId)).toMatchObject({ taken: 10, held: 10, attempts: 10 });

  const events = answers.filter(({ status }) => status === 200).map(({ json }) => completed(paymentOf(json)));
  const acknowledged = new Set<string>();
  const delivering = events.map(async (event) => (await deliver(event)) && acknowledged.add(event.id));
  expect(await until(() => acknowledged.size >= 2, PATIENCE)).toBe(true);
  await app.kill();
  await Promise.all(delivering);
  await app.restart();
  await Promise.all(events.map(deliver));
  expect(await placesOf(slotId)).toMatchObject({ taken: 10, held: 0, booked: 10 });
});

test("killed between Stripe's refund of a refused place and our knowing it: the job runs again, the money goes back once", async () => {
  const slotId = await newSlot(1);
  const { json } = await ask("/checkout", cart("cart-refund-killed", slotId));
  const payment = paymentOf(json);
  await fetch(`${app.url}/api/admin/slots/${slotId}?refund=true`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${API_KEY}` },
  });
  stripe.script.answerLatencyMs = LONG;
  expect(await deliver(completed(payment))).toBe(true);
  expect(await until(() => stripe.refunds.size === 1, PATIENCE)).toBe(true);
  await app.kill();
  stripe.script.answerLatencyMs = undefined;
  const tries = () => stripe.calls.filter(({ path }) => path === "/v1/refunds");
  expect(tries()).toHaveLength(1);
  await app.restart();
  expect(await until(() => tries().length >= 2, PATIENCE)).toBe(true);
  expect(new Set(tries().map(({ key }) => key)).size).toBe(1);
  expect([...stripe.refunds.values()].map(({ payment_intent }) => payment_intent)).toEqual([
    payment.paymentIntent,
  ]);
});
