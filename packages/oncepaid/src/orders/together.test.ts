import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../../../shop/embedded/alive.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  chargeRefunded,
  completed,
  event,
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
  expect(await deliverAtOnce(payments.map((one) => completed(one)))).toEqual(applied(MANY));
  expect(await statusesOf(payments)).toEqual(granted(MANY));
  expect(await transactionsOf(payments)).toBeLessThan(MANY / 2);
});

test("events of one order that come at one moment are applied one after the other, in that order", async () => {
  const [first, second, ...others] = await orders();
  if (!first || !second) throw new Error("There are orders.");
  const refunded = [300, 700, 1900].map((amount) => chargeRefunded(first, amount));
  // One of these finds its order by the payment alone.
  const events = [completed(first), ...refunded, completed(second), chargeRefunded(second, 300, false)];
  const answers = await deliverAtOnce([...others.map((one) => completed(one)), ...events]);
  expect(answers).toEqual(applied(others.length + events.length));
  const seen = (orderId: string) =>
    app.rows(
      `select after ->> 'status' as status, (after ->> 'amountRefunded')::int as refunded from order_change
        where order_id = $1 order by version`,
      [orderId],
    );
  expect(await seen(first.orderId)).toEqual([
    { status: "FULFILLED", refunded: 0 },
    { status: "FULFILLED", refunded: 300 },
    { status: "FULFILLED", refunded: 700 },
    { status: "REFUNDED", refunded: 1900 },
  ]);
  expect(await seen(second.orderId)).toEqual([
    { status: "FULFILLED", refunded: 0 },
    { status: "FULFILLED", refunded: 300 },
  ]);
  expect(await statusesOf(others)).toEqual(granted(others.length));
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

test("one the database can't hold, or that names an order by no id, is kept apart from the others of its batch", async () => {
  const payments = await orders();
  const [unstorable, ...rest] = payments;
  if (!unstorable) throw new Error("There are orders.");
  const odd = event("charge.refunded", { id: "ch_odd", object: "charge", metadata: { order_id: "no uuid" } });
  const answers = await deliverAtOnce([
    ...rest.map((one) => completed(one)),
    { ...completed(unstorable), created: IN_NO_CALENDAR },
    odd,
  ]);
  expect(answers.slice(0, rest.length)).toEqual(applied(rest.length));
  expect(answers.at(-2)).toEqual({ ok: true, outcome: "quarantined" });
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
    expect(await until(aWriteWaits, PATIENCE_MS)).toBe(true);
    await held.query("commit");
    expect(await answers).toEqual(applied(MANY));
  } finally {
    held.release();
  }
  expect(await statusesOf(payments)).toEqual(granted(MANY));
});

async function aWriteWaits(): Promise<boolean> {
  const rows = await app.rows(
    `select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%changed as%'`,
  );
  return rows.length > 0;
}
