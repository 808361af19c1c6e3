import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pool } from "#/database/connection.ts";
import { isPooled } from "#/database/pool.ts";
import { createOncepaid } from "#/oncepaid.ts";
import { createEmptyDatabase, runFolder, type TestDatabase } from "../../../test/support/database.ts";
import { completed, newPayment, signed, WEBHOOK_SECRET } from "../../../test/support/events.ts";
import { type OtherStripe, startOtherStripe } from "../../../test/support/other-stripe.ts";
import { PRODUCTS } from "./engine.ts";

/** The engine stands on ground of its own, in a database that belongs to somebody else. */
let database: TestDatabase;
let stripe: OtherStripe;
beforeAll(async () => {
  database = await createEmptyDatabase();
  stripe = await startOtherStripe();
});
afterAll(async () => {
  await stripe.close();
  await database.drop();
});

function engineOn(ground: string | Pool, schema: string) {
  return createOncepaid({
    database: ground,
    schema,
    preparedStatements: !isPooled(database.url),
    stripe: { secretKey: "sk_test_other", webhookSecret: WEBHOOK_SECRET, apiBase: stripe.url },
    appUrl: "http://localhost:3000",
    products: PRODUCTS,
    identify: () => null,
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
}

type Engine = ReturnType<typeof engineOn>;

/** Buys the book for a user and says what the engine makes of it, as far as types of PostgreSQL could show through. */
async function bought(oncepaid: Engine, userId: string) {
  const started = await oncepaid.checkout({ cartId: `cart-of-${userId}`, productKey: "ebook", userId });
  if (!started.ok) throw new Error(started.error);
  const payment = newPayment(started.orderId, started.url.slice(started.url.lastIndexOf("/") + 1));
  const { payload, header } = signed(completed(payment));
  expect(await oncepaid.receive(Buffer.from(payload), header)).toEqual({ ok: true, outcome: "applied" });
  expect(await oncepaid.has(userId, "ebook")).toBe(true);
  expect(await oncepaid.order(started.orderId)).toMatchObject({
    status: "FULFILLED",
    amountTotal: 1900,
    paidAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  return started.orderId;
}

test("two engines on one pool of the app don't know of each other", async () => {
  const pool = new pg.Pool({ connectionString: database.url, max: 5 });
  const [one, two] = [engineOn(pool, "oncepaid"), engineOn(pool, "second_shop")];
  await one.migrate();
  await two.migrate();
  const [here, there] = await Promise.all([bought(one, "ada"), bought(two, "bob")]);
  expect(await one.order(there)).toBeUndefined();
  expect(await two.order(here)).toBeUndefined();
  expect([await one.has("bob", "ebook"), await two.has("ada", "ebook")]).toEqual([false, false]);
  expect((await one.sweep()).sweeps.every(({ error }) => error === null)).toBe(true);
  await one.close();
  // The pool is the app's, so it goes on.
  expect(await two.has("bob", "ebook")).toBe(true);
  await two.close();
  await pool.end();
});

test("a pool whose parsers answer nothing but text changes nothing", async () => {
  const pool = new pg.Pool({
    connectionString: database.url,
    types: { getTypeParser: () => (value: unknown) => `text ${String(value)}` },
  });
  const oncepaid = engineOn(pool, "oncepaid");
  await oncepaid.migrate();
  await bought(oncepaid, "carla");
  expect(await oncepaid.orders({ userId: "carla" })).toMatchObject({ orders: [{ amountTotal: 1900 }] });
  await oncepaid.close();
  await pool.end();
});

test("a second copy of pg changes nothing, also where the database refuses something", async () => {
  const folder = mkdtempSync(join(runFolder(), "pg-"));
  const original = dirname(createRequire(import.meta.url).resolve("pg/package.json"));
  cpSync(original, join(folder, "node_modules", "pg"), { recursive: true });
  for (const name of [
    "pg-connection-string",
    "pg-pool",
    "pg-protocol",
    "pg-types",
    "pgpass",
    "pg-cloudflare",
  ]) {
    symlinkSync(join(dirname(original), name), join(folder, "node_modules", name));
  }
  const entry = createRequire(join(folder, "index.js")).resolve("pg");
  const { default: other } = await import(/* @vite-ignore */ pathToFileURL(entry).href);
  expect(other.Pool).not.toBe(pg.Pool);
  const pool: Pool = new other.Pool({ connectionString: database.url });
  const oncepaid = engineOn(pool, "oncepaid");
  // Twenty at once for one cart: nineteen run into the rule that a cart has one order.
  const started = await Promise.all(
    Array.from({ length: 20 }, () =>
      oncepaid.checkout({ cartId: "cart-of-many", productKey: "ebook", userId: "dora" }),
    ),
  );
  expect(new Set(started.map((one) => (one.ok ? one.orderId : one.code))).size).toBe(1);
  await bought(oncepaid, "emil");
  await oncepaid.close();
  await pool.end();
  rmSync(folder, { recursive: true });
});

test("an engine without a database or a key is made all the same, and the first use says what is missing", async () => {
  const unset = createOncepaid({
    database: undefined,
    stripe: { secretKey: undefined, webhookSecret: undefined },
    appUrl: undefined,
    products: PRODUCTS,
    identify: () => null,
  });
  await expect(async () => unset.has("ada", "ebook")).rejects.toThrow(
    "createOncepaid was not given `database`",
  );
  await expect(unset.receive(Buffer.from("{}"), "t=1")).rejects.toThrow("`stripe.webhookSecret`");
});

test("a schema that can't stand in a statement is refused", () => {
  expect(() => engineOn(database.url, 'shop"; drop table x; --')).toThrow("can't be used");
});

test("a product's key that isn't sold doesn't type", async () => {
  const oncepaid = engineOn(database.url, "oncepaid");
  // @ts-expect-error: "prro" is no key of the catalog.
  expect(await oncepaid.has("ada", "prro")).toBe(false);
  await oncepaid.close();
});
