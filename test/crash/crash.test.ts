import type pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { until } from "../../shop/embedded/alive.ts";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { openPool } from "../support/database.ts";
import { chargeRefunded, completed, newPayment, signed } from "../support/events.ts";
import { type OtherStripe, startOtherStripe } from "../support/other-stripe.ts";

/** The app is killed with SIGKILL between two steps; then it is started again and asked for the same. */
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

const LONG = 60_000;
const PATIENCE = 20_000;
/** Work that a killed process had in hand is taken over within 30 s. */
const TAKEN_OVER = 60_000;

async function checkout(
  cartId: string,
  quantity = 1,
): Promise<{ status: number; url: string; orderId: string }> {
  const response = await fetch(`${app.url}/api/checkout`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ cartId, productKey: "ebook", quantity, userId: `buyer-of-${cartId}` }),
  });
  const { url, orderId }: { url: string; orderId: string } = await response.json();
  return { status: response.status, url, orderId };
}

const creations = () =>
  stripe.calls.filter(({ method, path }) => method === "POST" && path === "/v1/checkout/sessions");
const sessionsOf = (orderId: string) =>
  [...stripe.sessions.values()].filter((session) => session.client_reference_id === orderId);

/** Asks for a checkout that is never answered, because the app dies in the middle of it. */
async function checkoutThatDies(cartId: string, moment: () => boolean, quantity = 1): Promise<void> {
  const unanswered = checkout(cartId, quantity).catch(() => "died");
  expect(await until(moment, PATIENCE)).toBe(true);
  await app.kill();
  expect(await unanswered).toBe("died");
  stripe.script.latencyMs = undefined;
  stripe.script.answerLatencyMs = undefined;
  await app.restart();
}

test("killed after the order was stored and before Stripe acted: the next request makes the one session", async () => {
  stripe.script.latencyMs = LONG;
  await checkoutThatDies("cart-before-stripe", () => creations().length === 1);
  const { rows } = await pool.query(
    `select status, stripe_checkout_session_id from "order" where cart_id = $1`,
    ["cart-before-stripe"],
  );
  expect(rows).toEqual([{ status: "PENDING", stripe_checkout_session_id: null }]);
  const { status, orderId } = await checkout("cart-before-stripe");
  expect(status).toBe(200);
  expect(sessionsOf(orderId)).toHaveLength(1);
});

test("killed after Stripe made the session and before we knew it: the same key gives the same session", async () => {
  stripe.script.answerLatencyMs = LONG;
  await checkoutThatDies("cart-after-stripe", () => stripe.sessions.size > 0 && creations().length === 1);
  const { status, url, orderId } = await checkout("cart-after-stripe");
  expect(status).toBe(200);
  expect(sessionsOf(orderId).map(({ url }) => url)).toEqual([url]);
  expect(new Set(creations().map(({ key }) => key)).size).toBe(1);
});

test("killed after the old session was ended and before we knew it: the changed cart opens one new session", async () => {
  const first = await checkout("cart-changed");
  stripe.script.answerLatencyMs = LONG;
  await checkoutThatDies("cart-changed", () => sessionsOf(first.orderId)[0]?.status === "expired", 2);
  const second = await checkout("cart-changed", 2);
  expect(second).toMatchObject({ status: 200, orderId: first.orderId });
  const open = sessionsOf(first.orderId).filter(({ status }) => status === "open");
  expect(open.map(({ url }) => url)).toEqual([second.url]);
});

test.each([
  ["stored", "insert", 0],
  ["told their sessions", "update", 12],
])(
  "killed while twelve orders of one moment are being %s together: each cart goes on with one session",
  async (_, step, sessions) => {
    const carts = Array.from({ length: 12 }, (_, number) => `cart-moment-${step}-${number}`);
    const gate = await pool.connect();
    await gate.query(`
    select pg_advisory_lock(1);
    create function wait_at_the_gate() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(1); return new; end $$;
    create trigger gate before ${step} on checkout_attempt for each statement execute function wait_at_the_gate()`);
    const unanswered = carts.map((cart) => checkout(cart).catch(() => "died"));
    const ready = async () => (await waitingAtTheGate()) > 0 && creations().length === sessions;
    expect(await until(ready, PATIENCE)).toBe(true);
    await app.kill();
    expect(await Promise.all(unanswered)).toEqual(carts.map(() => "died"));
    // What they wait to write may be written, though nobody hears of it any more.
    await gate.query("select pg_advisory_unlock(1)");
    expect(await until(async () => (await waitingAtTheGate()) === 0, PATIENCE)).toBe(true);
    await gate.query("drop function wait_at_the_gate cascade");
    gate.release();
    await app.restart();

    const answers = await Promise.all(carts.map((cart) => checkout(cart)));
    expect(answers.map(({ status }) => status)).toEqual(carts.map(() => 200));
    expect(answers.map(({ orderId }) => sessionsOf(orderId).map(({ url }) => url))).toEqual(
      answers.map(({ url }) => [url]),
    );
    expect(new Set(creations().map(({ key }) => key)).size).toBe(carts.length);
    const { rows } = await pool.query<{ orders: number }>(
      `select count(*)::int as orders from "order" where cart_id like 'cart-moment-' || $1 || '-%'`,
      [step],
    );
    expect(rows).toEqual([{ orders: carts.length }]);
  },
);

async function waitingAtTheGate(): Promise<number> {
  const { rows } = await pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`,
  );
  return rows.length;
}

test("killed in the middle of 60 deliveries: what was acknowledged is there, the rest is granted once when sent again", async () => {
  const orders = await Promise.all(
    Array.from({ length: 60 }, async (_, number) => {
      const { url, orderId } = await checkout(`cart-deliveries-${number}`);
      return newPayment(orderId, url.slice(url.lastIndexOf("/") + 1));
    }),
  );
  const events = orders.map((payment) => completed(payment));
  const acknowledged = new Set<string>();
  const deliver = async (event: (typeof events)[number]) => {
    const { payload, header } = signed(event);
    const headers = { "content-type": "application/json", "stripe-signature": header };
    const url = `${app.url}/api/stripe/webhook`;
    const answer = await fetch(url, { method: "POST", headers, body: payload }).catch(() => undefined);
    if (answer?.ok) acknowledged.add(event.id);
  };
  const deliveries = events.map(deliver);
  expect(await until(() => acknowledged.size >= 5, PATIENCE)).toBe(true);
  await app.kill();
  await Promise.all(deliveries);
  await app.restart();

  const { rows } = await pool.query<{ id: string }>("select id from stripe_event where outcome = 'applied'");
  expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining([...acknowledged]));
  await Promise.all(events.filter(({ id }) => !acknowledged.has(id)).map(deliver));
  const granted = await pool.query(
    `select count(*)::int as orders, count(*) filter (where status = 'FULFILLED')::int as fulfilled,
            (select count(*)::int from fulfillment_log l join "order" o on o.id = l.order_id
              where o.cart_id like 'cart-deliveries-%' and l.event = 'checkout.fulfilled') as log,
            (select count(*)::int from entitlement e join "order" o on o.id = e.order_id
              where o.cart_id like 'cart-deliveries-%' and e.state = 'active') as grants
       from "order" where cart_id like 'cart-deliveries-%'`,
  );
  expect(granted.rows).toEqual([{ orders: 60, fulfilled: 60, log: 60, grants: 60 }]);
  // A receipt each, whichever process wrote it down, handed it on or sent it.
  const receipts = () => new Set(app.mail.to("buyer@example.com").map(({ messageId }) => messageId));
  expect(await until(() => receipts().size >= 60, TAKEN_OVER)).toBe(true);
  expect(receipts().size).toBe(60);
  const refund = orders[0];
  if (refund) await deliver(chargeRefunded(refund, 1900));
  expect((await pool.query(`select status from "order" where id = $1`, [refund?.orderId])).rows).toEqual([
    { status: "REFUNDED" },
  ]);
});
