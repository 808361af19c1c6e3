import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../shop/embedded/alive.ts";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { openPool } from "../support/database.ts";
import { completed, newPayment, signed } from "../support/events.ts";
import { type OtherStripe, startOtherStripe } from "../support/other-stripe.ts";

/** PostgreSQL restarts, fails over or drops everybody: the app stays up, says so, and goes on by itself. */
let stripe: OtherStripe;
let app: TestApp;
let pool: pg.Pool;
const authorization = `Bearer ${API_KEY}`;

beforeAll(async () => {
  stripe = await startOtherStripe();
  app = await startApp({ stripeApiBase: stripe.url, env: { API_KEYS: API_KEY } });
  pool = openPool(app.databaseUrl, 1);
});
afterAll(async () => {
  await pool.end();
  await app.stop();
  await stripe.close();
});

const ORDERS = 60;
const ROUNDS = 12;
const PATIENCE = 30_000;

type Answer = { status: number; json: { code?: string; url?: string; orderId?: string } };

async function post(path: string, body: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(app.url + path, { method: "POST", body, headers });
  return { status: response.status, json: await response.json() };
}

const checkout = (cartId: string) =>
  post("/api/checkout", JSON.stringify({ cartId, productKey: "ebook", userId: `buyer-of-${cartId}` }), {
    "content-type": "application/json",
    authorization,
  });

/** Ends every connection but this one, as an administrator or a failover does. */
const dropEverybody = () =>
  pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );

async function untilWell(): Promise<void> {
  const well = async () => (await fetch(`${app.url}/api/health`)).status === 200;
  expect(await until(well, PATIENCE)).toBe(true);
}

test("every connection is ended again and again while people buy: each request is answered, and asked again it succeeds", async () => {
  const asked = new Map<string, Answer>();
  const buyers = Promise.all(
    Array.from({ length: ORDERS }, async (_, number) => {
      const cartId = `cart-dropped-${number}`;
      let answer = await checkout(cartId);
      while (answer.status !== 200) {
        expect(answer).toMatchObject({ status: 500, json: { code: "internal" } });
        answer = await checkout(cartId);
      }
      asked.set(cartId, answer);
    }),
  );
  for (let round = 0; round < ROUNDS; round++) await dropEverybody();
  await buyers;
  await untilWell();

  const payments = [...asked.values()].map(({ json }) =>
    newPayment(String(json.orderId), String(json.url).split("/").at(-1) ?? ""),
  );
  const deliveries = Promise.all(
    payments.map(async (payment) => {
      const { payload, header } = signed(completed(payment));
      const deliver = () =>
        post("/api/stripe/webhook", payload, {
          "content-type": "application/json",
          "stripe-signature": header,
        });
      let answer = await deliver();
      while (answer.status !== 200) answer = await deliver();
    }),
  );
  for (let round = 0; round < ROUNDS; round++) await dropEverybody();
  await deliveries;
  await untilWell();
  const { rows } = await pool.query(
    `select (select count(*)::int from "order" where status = 'FULFILLED') as fulfilled,
            (select count(*)::int from entitlement where state = 'active') as granted,
            (select count(*)::int from fulfillment_log where event = 'checkout.fulfilled') as logged`,
  );
  expect(rows).toEqual([{ fulfilled: ORDERS, granted: ORDERS, logged: ORDERS }]);
}, 120_000);

test("work after a write goes on once the connections are back", async () => {
  const { json } = await checkout("cart-after-the-drop");
  await dropEverybody();
  await untilWell();
  const payment = newPayment(String(json.orderId), String(json.url).split("/").at(-1) ?? "");
  const to = "after-the-drop@example.com";
  const { payload, header } = signed(completed(payment, { customer_details: { email: to } }));
  await post("/api/stripe/webhook", payload, { "stripe-signature": header });
  expect((await app.mail.next(to)).subject).not.toBe("");
});
