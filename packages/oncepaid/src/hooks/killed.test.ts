import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPool } from "../../../../test/support/database.ts";
import { completed, signed } from "../../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";
import { grant } from "../../test/grant.ts";
import { openGate, type PostgresGate } from "../../test/postgres-gate.ts";

const PROGRAM = join(import.meta.dirname, "..", "..", "test", "hooked-program.ts");
/** Far more messages than a delivery needs. */
const MOST_MESSAGES = 60;
/** Two batches: a full one, and the rest. */
const TOGETHER = 40;
const FULL = 32;

let app: TestEngine;
let gate: PostgresGate;
let pool: ReturnType<typeof openPool>;
beforeAll(async () => {
  app = await startEngine({ on: { "order.fulfilled": grant } });
  gate = await openGate(app.database.url);
  pool = openPool(app.database.url, 2);
  await pool.query("create table public.credits (order_id text not null, amount integer not null)");
  await pool.query("create table public.totals (amount integer not null)");
  await pool.query("insert into public.totals values (0)");
});
afterAll(async () => {
  gate.close();
  await pool.end();
  await app.close();
});

type Delivery = { payload: string; header: string };

async function startProgram(writesAlong: "yes" | "no"): Promise<ChildProcess> {
  const child = fork(PROGRAM, {
    env: {
      ...process.env,
      DATABASE_URL: gate.url,
      STRIPE_API_BASE: app.stripe.url,
      WRITES_ALONG: writesAlong,
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await once(child, "message");
  return child;
}

/** Delivers to a program that is killed when its n-th message to PostgreSQL is on its way; false when it needed fewer. */
async function killedAt(n: number, deliveries: Delivery[], writesAlong: "yes" | "no"): Promise<boolean> {
  const child = await startProgram(writesAlong);
  const atTheGate = gate.arm(n);
  const answered = once(child, "message");
  child.send(deliveries);
  const killed = await Promise.race([atTheGate.then(() => true), answered.then(() => false)]);
  child.kill("SIGKILL");
  await once(child, "exit");
  void gate.arm(Number.POSITIVE_INFINITY);
  return killed;
}

test("killed at each message to the database, then told again: the order is granted once and the app's rows are there once", async () => {
  let killed = 0;
  for (let n = 1; n < MOST_MESSAGES; n++) {
    const payment = await app.order();
    const event = completed(payment);
    if (!(await killedAt(n, [signed(event)], "yes"))) break;
    killed++;
    const before = await stateOf(payment.orderId);
    // All of it or nothing: never an order without its row, or a row without its order.
    expect([
      { status: "PENDING", credits: 0 },
      { status: "FULFILLED", credits: 1 },
    ]).toContainEqual(before);
    expect(await app.deliver(event)).toMatchObject({ ok: true });
    expect(await stateOf(payment.orderId)).toEqual({ status: "FULFILLED", credits: 1 });
  }
  // BEGIN, the guarded statement, the order's read, two writes of the handler and COMMIT at the least.
  expect(killed).toBeGreaterThanOrEqual(6);
  const { rows } = await pool.query(
    "select (select amount from totals) = (select sum(amount) from credits) as agree",
  );
  expect(rows).toEqual([{ agree: true }]);
}, 120_000);

test("killed at each message while deliveries are written together, then told again: each order is granted once", async () => {
  let killed = 0;
  for (let n = 1; n < MOST_MESSAGES; n++) {
    const payments = await Promise.all(Array.from({ length: TOGETHER }, () => app.order()));
    const events = payments.map((payment) => completed(payment));
    if (
      !(await killedAt(
        n,
        events.map((one) => signed(one)),
        "no",
      ))
    )
      break;
    killed++;
    // All of a batch or none of it.
    expect([0, FULL]).toContain(await fulfilledAmong(payments.slice(0, FULL)));
    expect([0, TOGETHER - FULL]).toContain(await fulfilledAmong(payments.slice(FULL)));
    for (const event of events) expect(await app.deliver(event)).toMatchObject({ ok: true });
    expect(await fulfilledAmong(payments)).toBe(TOGETHER);
    const { rows } = await pool.query(
      `select count(*)::int as grants, count(distinct order_id)::int as orders from oncepaid.entitlement
        where order_id = any ($1)`,
      [payments.map(({ orderId }) => orderId)],
    );
    expect(rows).toEqual([{ grants: TOGETHER, orders: TOGETHER }]);
  }
  // Two reads and two writes.
  expect(killed).toBeGreaterThanOrEqual(4);
}, 120_000);

async function fulfilledAmong(payments: { orderId: string }[]): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from oncepaid."order" where id = any ($1) and status = 'FULFILLED'`,
    [payments.map(({ orderId }) => orderId)],
  );
  return rows[0]?.count ?? 0;
}

async function stateOf(orderId: string): Promise<{ status: string; credits: number }> {
  const { rows } = await pool.query<{ status: string; credits: number }>(
    `select status, (select count(*)::int from public.credits where order_id = $1) as credits
       from oncepaid."order" where id = $1::uuid`,
    [orderId],
  );
  return rows[0] ?? { status: "none", credits: 0 };
}
