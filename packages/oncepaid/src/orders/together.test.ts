import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../../../shop/embedded/alive.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  chargeRefunded,
  completed,
  type Payment,
  type StripeEvent,
  signed,
} from "../../../../test/support/events.ts";

/** Deliveries of one moment, through the door itself: they come in the order in which they are given. */

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const MANY = 20;
const PATIENCE_MS = 10_000;
/** Unix seconds. */
const IN_NO_CALENDAR = 9_000_000_000_000_000;

const orders = (count = MANY) => Promise.all(Array.from({ length: count }, () => app.order()));

function deliverAtOnce(events: readonly StripeEvent[]) {
  return Promise.all(
    events.map((told) => {
      const { payload, header } = signed(told);
      return app.oncepaid.receive(Buffer.from(payload), header);
    }),
  );
}

const ids = (payments: readonly Payment[]) => payments.map(({ orderId }) => orderId);

/** In how many transactions the orders were last written. */
async function transactionsOf(payments: readonly Payment[]): Promise<number> {
  const [row] = await app.rows<{ count: number }>(
    'select count(distinct xmin::text)::int as count from "order" where id = any ($1)',
    [ids(payments)],
  );
  return row?.count ?? 0;
}

const statusesOf = (payments: readonly Payment[]) =>
  app.rows<{ status: string; granted: number }>(
    `select status, (select count(*)::int from entitlement e where e.order_id = o.id and e.state = 'active') as granted
       from "order" o where id = any ($1)`,
    [ids(payments)],
  );

const applied = (count: number) => Array(count).fill({ ok: true, outcome: "applied" });
const granted = (count: number) => Array(count).fill({ status: "FULFILLED", granted: 1 });

test("deliveries that come at one moment share their transactions, and each is granted and answered", async () => {
  const payments = await orders();
  const events = payments.map((one) => completed(one));
  expect(await deliverAtOnce(events)).toEqual(applied(MANY));
  expect(await statusesOf(payments)).toEqual(granted(MANY));
  // Each event with its own payload and its own order.
  expect(
    await app.rows(
      `select payload ->> 'id' as id, order_id::text from stripe_event where id = any ($1)
        order by array_position($1, id)`,
      [events.map(({ id }) => id)],
    ),
  ).toEqual(events.map(({ id }, n) => ({ id, order_id: payments[n]?.orderId })));
  expect(await transactionsOf(payments)).toBeLessThan(MANY / 2);
});

test("events of one order that come at one moment are applied one after the other, in that order", async () => {
  const [first, ...others] = await orders();
  if (!first) throw new Error("There are orders.");
  const amounts = Array.from({ length: 15 }, (_, n) => (n + 1) * 100);
  const ofFirst = [completed(first), ...amounts.map((amount) => chargeRefunded(first, amount))];
  const answers = await deliverAtOnce([...ofFirst, ...others.map((one) => completed(one))]);
  expect(answers).toEqual(applied(ofFirst.length + others.length));
  const changes = await app.rows<{ refunded: number }>(
    `select (after ->> 'amountRefunded')::int as refunded from order_change where order_id = $1 order by version`,
    [first.orderId],
  );
  expect(changes.map(({ refunded }) => refunded)).toEqual([0, ...amounts]);
  expect(await statusesOf(others)).toEqual(granted(others.length));
});

test("an event that finds its order by the payment alone doesn't overtake the one that tells whose that is", async () => {
  const [payment] = await orders(1);
  if (!payment) throw new Error("There is an order.");
  const processing = completed(payment, { payment_status: "unpaid", payment_intent: null });
  const succeeded = { ...completed(payment), type: "checkout.session.async_payment_succeeded" };
  const refunded = chargeRefunded(payment, 300, false);
  expect(await deliverAtOnce([processing, succeeded, refunded])).toEqual(applied(3));
});

test("one event that is told many times at one moment is applied once", async () => {
  const [payment] = await orders(1);
  if (!payment) throw new Error("There is an order.");
  const told = completed(payment);
  const answers = await deliverAtOnce(Array(MANY).fill(told));
  expect(answers.map((one) => one.ok && one.outcome)).toEqual([
    "applied",
    ...Array(MANY - 1).fill("duplicate"),
  ]);
  expect(await app.rows("select attempts from stripe_event where id = $1", [told.id])).toEqual([
    { attempts: 1 },
  ]);
});

test("one the database refuses is alone in that: the others of its batch are granted", async () => {
  const [owner, thief, ...others] = await orders();
  if (!owner || !thief) throw new Error("There are orders.");
  await deliverAtOnce([completed(owner)]);
  const stolen = completed(thief, { id: owner.sessionId });
  const answers = await deliverAtOnce([...others.map((one) => completed(one)), stolen]);
  expect(answers).toEqual([...applied(others.length), { ok: true, outcome: "quarantined" }]);
  expect(await statusesOf(others)).toEqual(granted(others.length));
  expect(await statusesOf([thief])).toEqual([{ status: "PENDING", granted: 0 }]);
});

test("one the database can't hold, or can't be asked for, is kept apart from the others of its batch", async () => {
  const payments = await orders();
  const [unstorable, ...rest] = payments;
  if (!unstorable) throw new Error("There are orders.");
  const nameless = chargeRefunded({ ...unstorable, paymentIntent: "pi_\0" }, 300);
  const answers = await deliverAtOnce([
    ...rest.map((one) => completed(one)),
    { ...completed(unstorable), created: IN_NO_CALENDAR },
    nameless,
  ]);
  expect(answers.slice(0, rest.length)).toEqual(applied(rest.length));
  expect(answers.slice(rest.length)).toEqual(Array(2).fill({ ok: true, outcome: "quarantined" }));
  expect(await statusesOf(rest)).toEqual(granted(rest.length));
  expect(await statusesOf([unstorable])).toEqual([{ status: "PENDING", granted: 0 }]);
});

test("an order that somebody else moved meanwhile holds up none of its batch", async () => {
  const payments = await orders();
  const moved = payments.at(-1);
  const held = await app.connection();
  try {
    await held.query("begin");
    await held.query('update "order" set version = version + 1 where id = $1', [moved?.orderId]);
    const answers = deliverAtOnce(payments.map((one) => completed(one)));
    expect(await until(async () => (await waiting("%changed as%")).length > 0, PATIENCE_MS)).toBe(true);
    await held.query("commit");
    expect(await answers).toEqual(applied(MANY));
  } finally {
    held.release();
  }
  expect(await statusesOf(payments)).toEqual(granted(MANY));
});

test("an order that somebody else holds keeps no other from being granted, however few come", async () => {
  const [stuck, other] = await orders(2);
  if (!stuck || !other) throw new Error("There are orders.");
  const held = await app.connection();
  try {
    await held.query("begin");
    await held.query('select from "order" where id = $1 for update', [stuck.orderId]);
    const waits = deliverAtOnce([completed(stuck)]);
    expect(await until(async () => (await waiting("%changed as%")).length > 0, PATIENCE_MS)).toBe(true);
    expect(await deliverAtOnce([completed(other)])).toEqual(applied(1));
    await held.query("commit");
    expect(await waits).toEqual(applied(1));
  } finally {
    held.release();
  }
  expect(await statusesOf([stuck, other])).toEqual(granted(2));
});

test("connections that break in the middle of two batches keep no delivery from being granted", async () => {
  const payments = await orders(MANY * 2);
  const held = await app.connection();
  try {
    await held.query("begin");
    await held.query("lock table stripe_event in access exclusive mode");
    const answers = deliverAtOnce(payments.map((one) => completed(one)));
    expect(await until(async () => (await waiting("%with asked as%")).length === 2, PATIENCE_MS)).toBe(true);
    for (const { pid } of await waiting("%with asked as%")) {
      await held.query("select pg_terminate_backend($1)", [pid]);
    }
    await held.query("commit");
    expect(await answers).toEqual(applied(MANY * 2));
  } finally {
    held.release();
  }
  expect(await statusesOf(payments)).toEqual(granted(MANY * 2));
});

/** The connections on which such a statement waits for somebody else's. */
const waiting = (statement: string) =>
  app.rows<{ pid: number }>(
    `select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like $1`,
    [statement],
  );
