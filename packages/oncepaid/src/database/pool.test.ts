import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { OwnPool } from "#/database/connection.ts";
import { isPooled, openPool } from "#/database/pool.ts";
import { until } from "../../../../shop/embedded/alive.ts";
import { createEmptyDatabase, direct, query, type TestDatabase } from "../../../../test/support/database.ts";
import { openGate } from "../../test/postgres-gate.ts";

/** Two databases of one server stand for a primary and its standby: one of them can't be written, as a standby can't. */
let one: TestDatabase;
let two: TestDatabase;
let pool: OwnPool | undefined;
beforeAll(async () => {
  [one, two] = [await createEmptyDatabase(), await createEmptyDatabase()];
});
afterEach(async () => {
  await pool?.end();
  pool = undefined;
});
afterAll(async () => {
  await Promise.all([one.drop(), two.drop()]);
});

const nameOf = ({ url }: TestDatabase) => new URL(url).pathname.slice(1);

/** New connections can only read, or write again; those there are end, as they do where a server stops. */
async function become(database: TestDatabase, role: "standby" | "primary") {
  const only = role === "standby" ? "on" : "off";
  const name = nameOf(database);
  const other = database === one ? two : one;
  await query(direct(other.url), `alter database ${name} set default_transaction_read_only = ${only}`);
  await query(
    direct(other.url),
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and application_name = 'test'`,
  );
  if (role === "standby") await until(() => (pool?.idleCount ?? 0) === 0, 20_000);
}

function given(opened: OwnPool | undefined): OwnPool {
  if (!opened) throw new Error("No pool was opened.");
  return opened;
}

const open = (...urls: string[]) => openPool(urls.map(direct).join(","), { max: 2, applicationName: "test" });

async function written(): Promise<unknown> {
  const { rows } = await given(pool).query({
    text: "select current_database() as name, txid_current() is not null",
  });
  return Object(rows[0]).name;
}

test("of several addresses it is the one that can be written, and after a standby took over it is that one", async () => {
  await become(one, "standby");
  pool = open(one.url, two.url);
  expect(await written()).toBe(nameOf(two));
  expect([pool.totalCount, pool.idleCount, pool.waitingCount]).toEqual([1, 1, 0]);

  await become(one, "primary");
  await become(two, "standby");
  expect(await written()).toBe(nameOf(one));
  expect(await Promise.all([written(), written(), written()])).toEqual(Array(3).fill(nameOf(one)));
});

test("an address where nobody listens is passed over; where none can be written, it says what each of them said", async () => {
  await become(two, "primary");
  const nobody = "postgres://shop:a-password@127.0.0.1:1/shop";
  pool = open(nobody, two.url);
  expect(await written()).toBe(nameOf(two));
  await become(two, "standby");
  const failed = await written().catch(String);
  expect(failed).toContain("None of the databases can be written. 127.0.0.1:1: connect ECONNREFUSED");
  expect(failed).toContain(`${new URL(direct(two.url)).host}: a standby.`);
  expect(failed).not.toContain("a-password");

  await become(two, "primary");
  expect(await written()).toBe(nameOf(two));
});

test("who asks while it ends is refused, and nothing is opened after the end", async () => {
  await become(one, "primary");
  const ending = open(one.url, two.url);
  const asked = ending.query({ text: "select 1" });
  await Promise.all([expect(asked).rejects.toThrow("were ended"), ending.end()]);
  await expect(ending.connect()).rejects.toThrow("were ended");
  expect(ending.totalCount).toBe(0);
});

test("a server that vanished and closes no connection is left within seconds, and who waits for it is told", async () => {
  await become(one, "primary");
  const way = await openGate(direct(one.url));
  await become(two, "standby");
  pool = open(way.url, two.url);
  expect(await written()).toBe(nameOf(one));
  void way.arm(1);
  const waiting = written().catch((error: Error) => error);
  await become(two, "primary");
  expect(await waiting).toBeInstanceOf(Error);
  expect(await written()).toBe(nameOf(two));
  way.close();
});

test("behind a pooler that knows no prepared statements", () => {
  expect(isPooled("postgres://a@b/c?pgbouncer=true")).toBe(true);
  expect(isPooled("postgres://a@b/c?pgbouncer=false,postgres://a@d/c?sslmode=require")).toBe(false);
  expect(isPooled("postgres://a@b/c")).toBe(false);
});
