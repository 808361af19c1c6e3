import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../shop/embedded/alive.ts";
import { API_KEY } from "../support/api.ts";
import { startApp, type TestApp } from "../support/app.ts";
import { type Command, runCommand } from "../support/command.ts";
import { type CountingProxy, startCountingProxy } from "../support/counting-proxy.ts";
import { databaseUrl, dropDatabase, query } from "../support/database.ts";
import { type Sandbox, sandboxAt } from "../support/sandbox.ts";

/**
 * What was missed is found again by `npm run reconcile` alone, and nobody could tell afterwards that it was missed. The number
 * of purchases is RECONCILE_ORDERS; 10,000 take some minutes.
 */
const ORDERS = Number(process.env.RECONCILE_ORDERS ?? 200);
const TIMEOUT = 120_000 + ORDERS * 200;
const AT_ONCE = 12;
/** Seconds to each of the sandbox's retries, and a little more. Together they are far from when a session expires. */
const RETRIES = [360, 1_860, 7_260];

let app: TestApp;
let sandbox: Sandbox;
let stripeCalls: CountingProxy;
const copies: string[] = [];

beforeAll(async () => {
  app = await startApp({ env: { API_KEYS: API_KEY, WORKER: "off" } });
  sandbox = sandboxAt(app.stripeUrl);
  stripeCalls = await startCountingProxy(app.stripeUrl);
  await sandbox.control("POST", "webhooks/in_flight", { most: AT_ONCE });
});
afterAll(async () => {
  stripeCalls.close();
  for (const copy of copies) await dropDatabase(app.databaseUrl, copy);
  await app.stop();
});

type Bought = { orderId: string; sessionId: string };

async function buy(productKey: string, cartId: string): Promise<Bought> {
  const response = await fetch(`${app.url}/api/checkout`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${API_KEY}` },
    body: JSON.stringify({ cartId, productKey, userId: `buyer-of-${cartId}` }),
  });
  const { url = "", orderId }: { url?: string; orderId: string } = await response.json();
  return { orderId, sessionId: /cs_test_\w+/.exec(url)?.[0] ?? "" };
}

/** Each kind of history an order may have, by turns. */
const HISTORIES: { product: string; live: (sessionId: string) => Promise<unknown> }[] = [
  { product: "ebook", live: (id) => sandbox.pay(id) },
  { product: "ebook", live: (id) => sandbox.pay(id).then(() => sandbox.refund(id)) },
  { product: "pro", live: (id) => sandbox.pay(id) },
  { product: "ebook", live: (id) => sandbox.pay(id).then(() => sandbox.refund(id, 700)) },
  { product: "pro", live: (id) => sandbox.pay(id).then(() => sandbox.cancelPlan(id)) },
  { product: "ebook", live: (id) => sandbox.pay(id, "pm_card_createDispute") },
  { product: "ebook", live: (id) => sandbox.stripe.checkout.sessions.expire(id) },
  { product: "ebook", live: async () => {} },
];

async function purchases(name: string, count: number): Promise<Bought[]> {
  const bought: Bought[] = [];
  let next = 0;
  const buyer = async () => {
    for (let number = next++; number < count; number = next++) {
      const history = HISTORIES[number % HISTORIES.length];
      if (!history) throw new Error("There is a history for every number.");
      const order = await buy(history.product, `cart-${name}-${number}`);
      await history.live(order.sessionId);
      bought.push(order);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, buyer));
  return bought;
}

/** Some of what follows a payment follows seconds later: it has happened too, and everything was sent. */
async function settle(): Promise<void> {
  await sandbox.control("POST", "clock/advance", { seconds: 10 });
  await sandbox.sent();
}

/** What was dropped is sent again, and what a busy machine answered too late once more. */
async function deliverEverything(): Promise<void> {
  for (const seconds of RETRIES) {
    await sandbox.control("POST", "clock/advance", { seconds });
    await sandbox.sent();
  }
  const { data } = await sandbox.stripe.events.list({ delivery_success: false, limit: 1 });
  expect(data).toEqual([]);
}

/** A copy of the app's database as it is now. The app has to be down: a database in use can't be copied. */
async function copyDatabase(name: string): Promise<string> {
  const { pathname } = new URL(app.databaseUrl);
  const copy = `${pathname.slice(1)}_${name}`;
  copies.push(copy);
  await query(
    databaseUrl(app.databaseUrl, "postgres"),
    `create database ${copy} template ${pathname.slice(1)}`,
  );
  return databaseUrl(app.databaseUrl, copy);
}

function reconcile(database: string, ...args: string[]): Command {
  return runCommand(
    "reconcile",
    { ...app.env, DATABASE_URL: database, STRIPE_API_BASE: stripeCalls.url },
    args,
  );
}

async function reconciled(database: string, ...args: string[]): Promise<string> {
  const command = reconcile(database, ...args);
  const ending = await command.ended;
  expect(ending, command.output()).toBe("exit code 0");
  return command.output();
}

async function rows<Row extends pg.QueryResultRow>(database: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Everything that is held, but for when and in which order it was heard. */
const HELD = [
  `select id, cart_id, user_id, email, status, mode, currency, amount_total, amount_refunded, stripe_checkout_session_id,
          stripe_payment_intent_id, stripe_subscription_id, stripe_customer_id, livemode, facts, paid_at,
          fulfilled_at is not null as fulfilled
     from "order" order by id`,
  "select order_id, product_key, quantity, unit_amount from order_item order by order_id, product_key",
  "select order_id, user_id, product_key, kind, state, quantity, starts_at, ends_at, reason from entitlement order by order_id, product_key",
  "select order_id, event from fulfillment_log order by order_id, event",
  "select stripe_id, order_id from stripe_link order by stripe_id",
  // One that came before its order was known was kept, and says so.
  "select id, type, outcome in ('applied', 'ignored') as settled from stripe_event order by id",
];

async function expectSame(one: string, other: string): Promise<void> {
  for (const text of HELD) {
    const [ours, theirs] = [await rows(one, text), await rows(other, text)];
    expect(ours.length, text).toBe(theirs.length);
    // Compared one by one, so that what differs is seen among thousands that don't.
    for (const [place, row] of ours.entries()) expect(row).toEqual(theirs[place]);
  }
}

const listed = async (database: string) =>
  (
    await rows<{ listed: number }>(
      database,
      `select coalesce((under_way->'counts'->>'listed')::int, 0) as listed from reconcile`,
    )
  )[0]?.listed ?? 0;

test("purchases, refunds, disputes and cancellations of which nothing was heard end as if everything had been, though it is killed twice", {
  timeout: TIMEOUT,
}, async () => {
  await sandbox.control("POST", "faults/deliveries", { fault: "drop" });
  await purchases("dropped", ORDERS);
  await settle();
  expect(await rows(app.databaseUrl, "select status from \"order\" where status <> 'PENDING'")).toEqual([]);
  await app.kill();
  const copy = await copyDatabase("reconciled");

  for (const share of [0.3, 0.9]) {
    const command = reconcile(copy);
    let ended = false;
    void command.ended.then(() => {
      ended = true;
    });
    expect(await until(async () => ended || (await listed(copy)) >= ORDERS * share, TIMEOUT)).toBe(true);
    command.send("SIGKILL");
    expect(await command.ended, command.output()).toBe("signal SIGKILL");
  }
  const report = await reconciled(copy);
  const [state] = await rows<{ total: number }>(
    copy,
    "select (last_report->'counts'->>'listed')::int as total from reconcile",
  );
  const { total = 0 } = state ?? {};
  const calls = stripeCalls.calls().length;
  // The last page of each of the three lists may be short, and the page under way at each kill is asked for again.
  expect(calls, report).toBeLessThanOrEqual(total / 100 + 3 + 2);

  await sandbox.control("DELETE", "faults");
  await app.restart();
  await deliverEverything();
  await expectSame(copy, app.databaseUrl);

  const before = stripeCalls.calls().length;
  expect(await reconciled(copy)).toContain("Nothing differed.");
  expect(stripeCalls.calls().length).toBeGreaterThan(before);
});

test("a database restored from an older copy is brought up to date by reconcile alone", {
  timeout: TIMEOUT,
}, async () => {
  await purchases("before", HISTORIES.length * 2);
  await sandbox.sent();
  await app.kill();
  const copy = await copyDatabase("an_hour_old");
  await app.restart();
  // The time that the copy doesn't know: new orders, and refunds of those it knows.
  await purchases("after", HISTORIES.length * 4);
  const known = await rows<{ session: string }>(
    copy,
    `select stripe_checkout_session_id as session from "order"
      where status = 'FULFILLED' and mode = 'payment' and amount_refunded = 0 and cart_id like 'cart-before-%'
        and not exists (select from entitlement where order_id = "order".id and state = 'suspended')`,
  );
  for (const { session } of known) await sandbox.refund(session);
  await settle();

  const lost = Number((await rows(copy, `select count(*) from "order"`))[0]?.count);
  expect(await reconciled(copy)).toContain(`${HISTORIES.length * 4} lost orders made again`);
  expect(Number((await rows(copy, `select count(*) from "order"`))[0]?.count)).toBe(
    lost + HISTORIES.length * 4,
  );
  await deliverEverything();
  await expectSame(copy, app.databaseUrl);
});
