import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Happened } from "#/hooks/happened.ts";
import type { Handlers } from "#/hooks/hooks.ts";
import type { Sql } from "#/hooks/sql.ts";
import { openPool } from "../../../../test/support/database.ts";
import { chargeRefunded, completed } from "../../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

type Fulfilled = (happened: Happened<"order.fulfilled">, sql: Sql) => Promise<void>;

const GRANT: Fulfilled = async ({ order }, sql) => {
  await sql`insert into public.credits (order_id, amount) values (${order.id}, ${100})`;
};

let handler: Fulfilled = GRANT;
let afterFails = false;
const afterwards: { key: string; orderId: string; status: string }[] = [];
const unavailable: unknown[] = [];
let app: TestEngine;
let pool: ReturnType<typeof openPool>;

beforeAll(async () => {
  app = await startEngine({
    on: { "order.fulfilled": (happened, sql) => handler(happened, sql) },
    after: {
      "order.refunded": async ({ order }, { key }) => {
        if (afterFails) throw new Error("The mail server is away.");
        afterwards.push({ key, orderId: order.id, status: order.status });
      },
      "price.unavailable": ({ order, productKey, price }) =>
        void unavailable.push([order, productKey, price]),
    },
    onTimeoutMs: 500,
  });
  pool = openPool(app.database.url, 4);
  await pool.query("create table public.credits (order_id text not null, amount integer not null)");
});
afterAll(async () => {
  await pool.end();
  await app.close();
});
beforeEach(() => {
  handler = GRANT;
  afterFails = false;
});

const creditsOf = async (orderId: string) =>
  (await pool.query("select amount from public.credits where order_id = $1", [orderId])).rows.length;
const eventOf = async (id: string) =>
  (await pool.query("select outcome, error from oncepaid.stripe_event where id = $1", [id])).rows[0];

test("what a handler writes is there once, however often and at once the event comes", async () => {
  const payment = await app.order();
  const event = completed(payment);
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.deliver(event)));
  expect(answers.every(({ ok }) => ok)).toBe(true);
  expect(await creditsOf(payment.orderId)).toBe(1);
  await app.deliver(completed(payment));
  expect(await creditsOf(payment.orderId)).toBe(1);
});

test("a handler hears of the order as it is then, and before and after", async () => {
  let heard: Happened<"order.fulfilled"> | undefined;
  handler = async (happened) => {
    heard = happened;
  };
  const payment = await app.order("ebook");
  await app.deliver(completed(payment));
  expect(heard).toMatchObject({
    type: "order.fulfilled",
    orderId: payment.orderId,
    order: { id: payment.orderId, status: "FULFILLED", amountTotal: 1900, currency: "usd" },
    entitlements: [{ productKey: "ebook", kind: "download", state: "active", quantity: 1 }],
    before: { status: "PENDING", grants: [] },
    after: { status: "FULFILLED" },
  });
});

test("a handler that throws leaves neither order nor row, its event says why, and it heals when the handler does", async () => {
  handler = async (happened, sql) => {
    await GRANT(happened, sql);
    throw new Error("No credits today.");
  };
  const payment = await app.order();
  const event = completed(payment);
  expect(await app.deliver(event)).toMatchObject({ ok: false, code: "internal" });
  expect(await creditsOf(payment.orderId)).toBe(0);
  expect(await app.oncepaid.order(payment.orderId)).toMatchObject({ status: "PENDING", entitlements: [] });
  expect(await eventOf(event.id)).toEqual({ outcome: "failed", error: "No credits today." });
  handler = GRANT;
  expect(await app.deliver(event)).toMatchObject({ ok: true, outcome: "applied" });
  expect(await creditsOf(payment.orderId)).toBe(1);
  expect(await app.oncepaid.order(payment.orderId)).toMatchObject({ status: "FULFILLED" });
});

test("an error of the database that a handler swallows undoes the change all the same", async () => {
  handler = async ({ order }, sql) => {
    await sql`insert into public.credits (order_id, amount) values (${order.id}, ${null})`.catch(() => {});
  };
  const payment = await app.order();
  const event = completed(payment);
  expect(await app.deliver(event)).toMatchObject({ ok: false });
  expect(await app.oncepaid.order(payment.orderId)).toMatchObject({ status: "PENDING" });
  expect(await eventOf(event.id)).toMatchObject({ outcome: "failed" });
});

test("a handler that hangs is ended, its change undone and its connection closed", async () => {
  handler = async ({ order }, sql) => {
    await sql`insert into public.credits (order_id, amount) values (${order.id}, ${1})`;
    await sql`select pg_sleep(60)`;
  };
  const payment = await app.order();
  const event = completed(payment);
  expect(await app.deliver(event)).toMatchObject({ ok: false });
  expect(await creditsOf(payment.orderId)).toBe(0);
  expect(await eventOf(event.id)).toMatchObject({
    error: expect.stringContaining("took longer than 500 ms"),
  });
  handler = GRANT;
  expect(await app.deliver(event)).toMatchObject({ ok: true });
  expect(await creditsOf(payment.orderId)).toBe(1);
});

test("a rule of the app's own table that is broken fails the event, and is not taken for a payment of another order", async () => {
  await pool.query("create table public.once (id integer primary key)");
  await pool.query("insert into public.once values (1)");
  handler = async (_happened, sql) => {
    await sql`insert into public.once values (${1})`;
  };
  const event = completed(await app.order());
  expect(await app.deliver(event)).toMatchObject({ ok: false });
  expect(await eventOf(event.id)).toMatchObject({
    outcome: "failed",
    error: expect.stringContaining("once_pkey"),
  });
});

/** An app's own Kysely, which only writes its statements. */
const kysely = new Kysely<{ credits: { order_id: string; amount: number } }>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
}).withSchema("public");

test("sql.client is the connection of the transaction, for whatever the app writes with", async () => {
  handler = async ({ order }, { client }) => {
    await client.query("insert into public.credits (order_id, amount) values ($1, 7)", [order.id]);
    const insert = kysely.insertInto("credits").values({ order_id: order.id, amount: 8 }).compile();
    await client.query(insert.sql, [...insert.parameters]);
  };
  const payment = await app.order();
  await app.deliver(completed(payment));
  expect(await creditsOf(payment.orderId)).toBe(2);
});

test("an after handler runs once it is written, with a key that stays the same when it has to be tried again", async () => {
  const payment = await app.order();
  await app.deliver(completed(payment));
  afterFails = true;
  await app.deliver(chargeRefunded(payment, 1900));
  await app.oncepaid.sweep();
  expect(afterwards).toEqual([]);
  afterFails = false;
  await pool.query(
    "update oncepaid_jobs.job set start_after = now() where name = 'after' and state = 'retry'",
  );
  await app.oncepaid.sweep();
  expect(afterwards).toEqual([
    { key: `order.refunded:${payment.charge}`, orderId: payment.orderId, status: "REFUNDED" },
  ]);
});

test("what is about no order reaches its handler without one: that a price can't be sold, once a day", async () => {
  app.stripe.script.archivedPrice = "price_ebook";
  const cart = { productKey: "ebook", userId: "unlucky" } as const;
  for (const cartId of ["cart-unsold-1", "cart-unsold-2"]) {
    expect(await app.oncepaid.checkout({ cartId, ...cart })).toMatchObject({ code: "invalid_request" });
  }
  await app.oncepaid.sweep();
  expect(unavailable).toEqual([[null, "ebook", "default"]]);
  await pool.query("update oncepaid.unavailable_price set told_at = now() - interval '25 hours'");
  await app.oncepaid.checkout({ cartId: "cart-unsold-3", ...cart });
  await app.oncepaid.sweep();
  expect(unavailable).toHaveLength(2);
  delete app.stripe.script.archivedPrice;
});

test("a handler of each happening is given its own fields, by the compiler too", () => {
  const handlers: Handlers = {
    after: {
      "endpoint.rested": ({ endpointId, order }) => void [endpointId, order === null],
      "dispute.opened": ({ order, disputeId }) => void [order.id, disputeId],
      "dispute.lost": ({ order, disputeId }) => void [order.id, disputeId],
      "dispute.won": ({ order, disputeId }) => void [order.id, disputeId],
      // @ts-expect-error: what has no refund names none.
      "order.fulfilled": ({ refundId }) => void refundId,
    },
  };
  expect(Object.keys(handlers.after ?? {})).toHaveLength(5);
});
