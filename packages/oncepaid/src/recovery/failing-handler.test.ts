import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { reconcileCommand } from "#/cli/reconcile.ts";
import type { Engine } from "#/engine.ts";
import { engineIn } from "#/oncepaid.ts";
import { ENGINE_WORDS } from "#/operations/words.ts";
import { readProgress } from "#/recovery/reconcile/progress.ts";
import { runSweep, sweepsOf } from "#/work/sweeps.ts";
import { openPool } from "../../../../test/support/database.ts";
import { completed, event, type Payment, subscriptionObject } from "../../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

/** A handler of the app's that throws for some orders: what recovery does for all others goes on, and the failure is shown. */

const failing = new Set<string>();
let app: TestEngine;
let engine: Engine;
let pool: ReturnType<typeof openPool>;
beforeAll(async () => {
  app = await startEngine({
    on: {
      "order.fulfilled": ({ orderId, order }) => {
        if (failing.has(orderId) || failing.has(order.userId)) throw new Error("No credits today.");
      },
    },
  });
  engine = engineIn(app.oncepaid);
  pool = openPool(app.database.url, 1);
});
afterAll(async () => {
  await pool.end();
  await app.close();
});
beforeEach(() => pool.query("truncate oncepaid.reconcile"));
afterEach(() => {
  failing.clear();
  app.stripe.lists.clear();
});

const statusOf = async ({ orderId }: Payment) => (await app.oncepaid.order(orderId))?.status;

/** Paid while its product was not in the catalog, which it is again. */
async function due(): Promise<Payment> {
  const payment = await app.order();
  const sells = (product: string) =>
    pool.query("update oncepaid.order_item set product_key = $2 where order_id = $1", [
      payment.orderId,
      product,
    ]);
  await sells("sold-no-more");
  await app.deliver(completed(payment));
  await sells("ebook");
  expect(await statusOf(payment)).toBe("PAID");
  return payment;
}

/** Paid at Stripe, of which no event has told. */
async function unheard(): Promise<Payment> {
  const payment = await app.order();
  Object.assign(app.stripe.sessions.get(payment.sessionId) ?? {}, {
    status: "complete",
    payment_status: "paid",
    payment_intent: payment.paymentIntent,
  });
  return payment;
}

async function overdue(): Promise<Payment> {
  const payment = await unheard();
  await pool.query(
    "update oncepaid.checkout_attempt set expires_at = now() - interval '6 minutes' where session_id = $1",
    [payment.sessionId],
  );
  return payment;
}

async function swept(name: string): Promise<number> {
  const sweep = sweepsOf(engine).find((one) => one.name === name);
  if (!sweep) throw new Error(`There is no sweep ${name}.`);
  return runSweep(engine, sweep);
}

const reportOf = async (name: string) => (await app.oncepaid.desk.sweeps()).find((one) => one.name === name);
const comparedUntil = async () => (await readProgress(engine)).comparedUntil;

async function counted() {
  const reconciled = await app.oncepaid.reconcile();
  if (!reconciled.ok) throw new Error(reconciled.code);
  return reconciled.report.counts;
}

test("an order that can't be derived or settled keeps no other from it, and the sweep says that it failed", async () => {
  const orders = [await due(), await overdue()];
  const others = [await due(), await overdue(), await due(), await overdue()];
  for (const { orderId } of orders) failing.add(orderId);
  await expect(swept("open orders")).rejects.toThrow("2 orders failed");
  expect(await Promise.all(others.map(statusOf))).toEqual(others.map(() => "FULFILLED"));
  expect(await Promise.all(orders.map(statusOf))).toEqual(["PAID", "PENDING"]);
  expect(await reportOf("open orders")).toMatchObject({
    error: expect.stringContaining("No credits today."),
  });
  failing.clear();
  await swept("open orders");
  expect(await Promise.all(orders.map(statusOf))).toEqual(["FULFILLED", "FULFILLED"]);
  expect(await reportOf("open orders")).toMatchObject({ error: null });
});

test("a crowd of due orders that stay due hides no other", async () => {
  const [like, other] = [await due(), await due()];
  // Older ones, each for the payment of another order.
  const crowd = await pool.query<{ id: string }>(
    `with old as (
       insert into oncepaid."order" (id, user_id, cart_id, mode, status, livemode, locale, facts, recheck_at, paid_at)
       select gen_random_uuid(), 'crowd', 'crowd-of-due-' || number, o.mode, 'FULFILLED', o.livemode, o.locale, o.facts,
              now() - interval '1 day', o.paid_at
         from generate_series(1, 150) as number, oncepaid."order" o where o.id = $1
       returning id
     ), items as (
       insert into oncepaid.order_item (order_id, product_key, quantity) select id, 'ebook', 1 from old
     )
     insert into oncepaid.checkout_attempt (order_id, attempt, parameters, idempotency_key)
     select id, 1, '{}', id::text from old returning order_id as id`,
    [like.orderId],
  );
  await swept("open orders");
  await pool.query(`update oncepaid."order" set recheck_at = now() - interval '1 hour' where id = $1`, [
    other.orderId,
  ]);
  const isDue = async () =>
    (await pool.query(`select from oncepaid."order" where id = $1 and recheck_at <= now()`, [other.orderId]))
      .rows.length > 0;
  for (let round = 0; round < 30 && (await isDue()); round++) await swept("open orders");
  expect(await isDue()).toBe(false);
  for (const table of ["checkout_attempt", "order_item"])
    await pool.query(`delete from oncepaid.${table} where order_id = any ($1)`, [
      crowd.rows.map(({ id }) => id),
    ]);
  await pool.query(`delete from oncepaid."order" where user_id = 'crowd'`);
});

test("what a comparison can't apply is counted, shown, and compared again until it can be", async () => {
  await counted();
  const before = await comparedUntil();
  await pool.query("update oncepaid.reconcile set compared_until = compared_until - interval '1 minute'");
  const [one, other] = [await unheard(), await unheard()];
  failing.add(one.orderId);
  expect(await counted()).toMatchObject({ objectsFailed: 1, sessionsSettled: 1 });
  expect(await statusOf(other)).toBe("FULFILLED");
  expect(await comparedUntil()).toBe((before ?? 0) - 60);
  await expect(swept("reconcile")).rejects.toThrow("1 object");
  expect(await reportOf("reconcile")).toMatchObject({ error: expect.stringContaining("1 object") });
  failing.clear();
  expect(await counted()).toMatchObject({ objectsFailed: 0, sessionsSettled: 1 });
  expect(await statusOf(one)).toBe("FULFILLED");
  expect(await comparedUntil()).toBeGreaterThan((before ?? 0) - 60);
});

test("a refund that Stripe's list alone tells of is not passed over either", async () => {
  const payment = await unheard();
  failing.add(payment.orderId);
  app.stripe.lists.set("/v1/refunds", [
    {
      id: `re_${payment.charge}`,
      object: "refund",
      amount: 500,
      charge: payment.charge,
      payment_intent: payment.paymentIntent,
      status: "succeeded",
      created: Math.floor(Date.now() / 1000),
      metadata: { order_id: payment.orderId },
    },
  ]);
  const long = Math.floor(Date.now() / 1000) - 60 * 24 * 60 * 60;
  const run = async () => {
    const reconciled = await app.oncepaid.reconcile({ since: long });
    return reconciled.ok ? reconciled.report.counts : undefined;
  };
  expect(await run()).toMatchObject({ objectsFailed: 1 });
  failing.clear();
  expect(await run()).toMatchObject({ objectsFailed: 0 });
  expect(await app.oncepaid.order(payment.orderId)).toMatchObject({
    status: "FULFILLED",
    amountRefunded: 500,
  });
});

test("a failed event and a due order wait elsewhere, so the comparison goes on past them, and says that they failed", async () => {
  const [told, paid] = [await app.order(), await due()];
  for (const { orderId } of [told, paid]) failing.add(orderId);
  app.stripe.lists.set("/v1/events", [completed(told)]);
  expect(await counted()).toMatchObject({ eventsFailed: 1, ordersFailed: 1, objectsFailed: 0 });
  expect(await comparedUntil()).not.toBeNull();
  const printed: string[] = [];
  const context = {
    engine,
    words: ENGINE_WORDS,
    checks: [],
    stop: new AbortController().signal,
    print: (text: string) => void printed.push(text),
    printError: () => {},
    color: false,
  };
  expect(await reconcileCommand(context, [])).toBe(1);
  expect(printed.join()).toContain("1 event could not be applied");
  expect(printed.join()).toContain("1 order could not be derived");
  expect(printed.join()).not.toContain("Nothing differed");
  failing.clear();
  printed.length = 0;
  expect(await reconcileCommand(context, [])).toBe(0);
  expect(printed.join()).toContain("1 thing was set right");
  expect(await Promise.all([told, paid].map(statusOf))).toEqual(["FULFILLED", "FULFILLED"]);
});

/** Made in Stripe's dashboard for a user whom its metadata names. */
async function madeAtStripe(userId: string): Promise<void> {
  const ids = { orderId: "", sessionId: "", paymentIntent: "", charge: userId };
  const object = {
    ...subscriptionObject(ids),
    ...{ currency: "usd", livemode: false, start_date: Math.floor(Date.now() / 1000), latest_invoice: null },
    metadata: { user_id: userId },
  };
  app.stripe.objects.set(object.id, object);
  await app.deliver(event("customer.subscription.created", object));
}

test("a subscription made at Stripe that can't be claimed keeps no other from being claimed by itself, and the next sweep of open orders grants it", async () => {
  // Whoever sells the plan knows its price, by which it is told from another program's.
  await app.order("pro");
  // The oldest has its turn first.
  for (const userId of ["claims-and-fails", "claims"]) await madeAtStripe(userId);
  failing.add("claims-and-fails");
  await expect(swept("unclaimed subscriptions")).rejects.toThrow("1 subscriptions could not be claimed");
  expect(await app.oncepaid.has("claims", "pro")).toBe(true);
  expect(await app.oncepaid.has("claims-and-fails", "pro")).toBe(false);
  failing.clear();
  await swept("open orders");
  expect(await app.oncepaid.has("claims-and-fails", "pro")).toBe(true);
});
