import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { engineIn } from "../../packages/oncepaid/src/oncepaid.ts";
import { reconcile } from "../../packages/oncepaid/src/recovery/reconcile/reconcile.ts";
import { SWEEPS } from "../../packages/oncepaid/src/recovery/sweeps.ts";
import { migrate } from "../../shop/src/migrate.ts";
import { createDatabase, createEmptyDatabase, type TestDatabase } from "../support/database.ts";
import { type OtherStripe, startOtherStripe } from "../support/other-stripe.ts";
import type { OldTable } from "./load.ts";
import { createOldDatabase, oldData } from "./old-database.ts";

/** Which schema each table of before lies in now. */
const MOVED: Record<string, string> = {
  user: "shop",
  session: "shop",
  account: "shop",
  verification: "shop",
  visitor_move: "shop",
};

/** Rows that the upgrade adds to those of before: effects that are new, of facts that are old. */
const ADDED: Record<string, string> = { fulfillment_log: "actor = 'upgrade'" };

const data = oldData();
let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createOldDatabase(data);
  client = await connected(database.url);
  await migrate(database.url);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function connected(url: string): Promise<pg.Client> {
  const one = new pg.Client({ connectionString: url });
  await one.connect();
  await one.query("set timezone = 'UTC'");
  return one;
}

/** The rows in columns that a table of before has, as text, in any order. */
async function rowsNow({ name, columns }: OldTable, schema: string): Promise<string[]> {
  const texts = columns.map(({ name: column }) => `"${column}"::text`).join(", ");
  const { rows } = await client.query<{ row: unknown }>(
    `select json_build_array(${texts}) as row from "${schema}"."${name}" where not (${ADDED[name] ?? "false"})`,
  );
  return rows.map(({ row }) => JSON.stringify(row)).sort();
}

const wasOurs = data.tables.filter(({ schema, name }) => schema === "public" && !name.startsWith("kysely_"));

test.each(wasOurs.map((table) => ({ name: table.name, table })))(
  "every row of $name is where it belongs now, unchanged",
  async ({ name, table }) => {
    const before = table.rows.map((row) => JSON.stringify(row)).sort();
    expect(await rowsNow(table, MOVED[name] ?? "oncepaid")).toEqual(before);
  },
);

test("every line of an order whose call to Stripe is kept knows the price it was sold under, and that price its product", async () => {
  const { rows } = await client.query<{ product_key: string; sold: number; known: number }>(
    `select i.product_key, count(*)::int as sold, count(p.stripe_price_id)::int as known
       from oncepaid.order_item i
       join oncepaid."order" o on o.id = i.order_id
       join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
       left join oncepaid.price p on p.stripe_price_id = i.stripe_price_id and p.product_key = i.product_key
      where a.idempotency_key not like 'restored:%'
      group by i.product_key order by i.product_key`,
  );
  expect(rows.map(({ product_key }) => product_key)).toEqual(["ebook", "pro", "workshop"]);
  for (const { sold, known } of rows) expect(known).toBe(sold);
});

test("work that waits, is retried, was given up or is done is in the queues of the same names, with its keys and tries", async () => {
  const job = data.tables.find(({ schema, name }) => schema === "pgboss" && name === "job");
  const at = (column: string) => job?.columns.findIndex(({ name }) => name === column) ?? -1;
  const kept = ["id", "name", "data", "state", "retry_count", "start_after", "singleton_key", "output"];
  const before = (job?.rows ?? []).map((row) => JSON.stringify(kept.map((column) => row[at(column)]))).sort();
  const { rows } = await client.query<{ row: unknown }>(
    `select json_build_array(${kept.map((column) => `${column}::text`).join(", ")}) as row from oncepaid_jobs.job`,
  );
  expect(before).toHaveLength(212);
  expect(rows.map(({ row }) => JSON.stringify(row)).sort()).toEqual(before);
});

test("nothing of it is left in public, and the old queues are gone", async () => {
  const { rows } = await client.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('public', 'pgboss')`,
  );
  expect(rows).toEqual([]);
});

test("a moved database has the shape of a fresh one", async () => {
  const fresh = await createDatabase();
  const other = await connected(fresh.url);
  expect(await shapeOf(client)).toEqual(await shapeOf(other));
  await other.end();
  await fresh.drop();
});

test("migrating once more changes nothing", async () => {
  const before = await shapeOf(client);
  expect(await migrate(database.url)).toEqual([]);
  expect(await shapeOf(client)).toEqual(before);
});

test("two machines that start at the same moment move it once", async () => {
  const raced = await createOldDatabase(data);
  await Promise.all([migrate(raced.url), migrate(raced.url)]);
  const other = await connected(raced.url);
  const { rows } = await other.query<{ orders: number }>(
    'select count(*)::int as orders from oncepaid."order"',
  );
  expect(rows).toEqual([{ orders: 72 }]);
  await other.end();
  await raced.drop();
});

test("tables of somebody's own with the same names stay as they are, rows and all", async () => {
  const theirs = await createEmptyDatabase();
  const other = await connected(theirs.url);
  await other.query(
    `create table "order" (id serial primary key, total numeric not null);
     create table "user" (id serial primary key, name text);
     create table session (id text primary key, "user" integer references "user");
     create table kysely_migration (name text primary key, timestamp text);
     create schema pgboss;
     create table pgboss.version (version integer primary key);
     create table pgboss.job (id uuid primary key default gen_random_uuid(), name text);
     insert into "user" (name) values ('Ada'); insert into "order" (total) values (12.5);
     insert into session values ('s1', 1); insert into kysely_migration values ('0001_orders', '2020-01-01');
     insert into pgboss.version values (20); insert into pgboss.job (name) values ('theirs');`,
  );
  const before = await everythingIn(other, ["public", "pgboss"]);
  await migrate(theirs.url);
  expect(await everythingIn(other, ["public", "pgboss"])).toEqual(before);
  await other.end();
  await theirs.drop();
});

test("the sweeps and a comparison with all that Stripe told write nothing to the outbox and queue no job", async () => {
  const moved = await createOldDatabase(data);
  await migrate(moved.url);
  const other = await connected(moved.url);
  const stripe = await startOtherStripe();
  await tellAllOf(other, stripe);
  Object.assign(process.env, {
    DATABASE_URL: moved.url,
    APP_URL: "http://localhost:4700",
    STRIPE_SECRET_KEY: "sk_test_other",
    STRIPE_WEBHOOK_SECRET: "whsec_other",
    STRIPE_API_BASE: stripe.url,
    AUTH_SECRET: "a-secret-for-tests-of-32-characters",
    // With both, everything that follows from a change becomes a row.
    SMTP_URL: "smtp://127.0.0.1:1",
    OUTBOUND_WEBHOOK_URL: "http://127.0.0.1:1/hook",
    OUTBOUND_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString("base64")}`,
    LOG_LEVEL: "silent",
  });
  // Plans run out with time; the rows are to be looked at as on the day they were taken.
  vi.useFakeTimers({ now: new Date(data.takenAt), toFake: ["Date"] });
  // The settings are read once per process, so the engine is loaded after they are set.
  const { closeShop, oncepaid } = await import("../../shop/src/oncepaid.ts");
  const engine = engineIn(oncepaid());
  const before = await workOf(other);
  const changed: Record<string, number> = {};
  for (const { name, runOnce } of [...SWEEPS, ...engine.queues.sweeps]) changed[name] = await runOnce(engine);
  const reconciled = await reconcile(engine, { since: 0 });
  vi.useRealTimers();

  // Every failed event was tried, and every object was compared: else the rest would prove nothing.
  expect(changed).toMatchObject({ "failed events": 3 });
  expect(reconciled).toMatchObject({ ok: true, report: { counts: { eventsFailed: 0, ordersRestored: 0 } } });
  if (reconciled.ok) {
    expect(reconciled.report.counts.eventsKnown).toBeGreaterThan(150);
    expect(reconciled.report.counts.objects).toBeGreaterThan(50);
  }
  expect(await workOf(other)).toEqual(before);
  await closeShop();
  await stripe.close();
  await other.end();
  await moved.drop();
});

/** The lists of the other Stripe: the events that are kept, and the objects as the newest of them shows each. */
async function tellAllOf(one: pg.Client, stripe: OtherStripe): Promise<void> {
  const { rows: events } = await one.query<{ payload: { id: string; created: number; type: string } }>(
    "select payload from oncepaid.stripe_event where outcome <> 'failed' order by created desc, id",
  );
  stripe.lists.set(
    "/v1/events",
    events.map(({ payload }) => payload),
  );
  for (const [path, name] of Object.entries(LISTED)) {
    const { rows: objects } = await one.query<{ object: { id: string } }>(
      `select distinct on (payload #>> '{data,object,id}') payload #> '{data,object}' as object
         from oncepaid.stripe_event
        where payload #>> '{data,object,object}' = $1 and outcome = 'applied'
        order by payload #>> '{data,object,id}', created desc, received_at desc`,
      [name],
    );
    stripe.lists.set(
      path,
      objects.map(({ object }) => object),
    );
  }
}

const LISTED = {
  "/v1/subscriptions": "subscription",
  "/v1/invoices": "invoice",
  "/v1/invoice_payments": "invoice_payment",
  "/v1/refunds": "refund",
  "/v1/disputes": "dispute",
};

/** Everything that is to be done, or was. */
async function workOf(one: pg.Client): Promise<unknown> {
  const { rows } = await one.query(
    `select queue, key, 'outbox' as state from oncepaid.outbox
      union all select name, data ->> 'key', state::text from oncepaid_jobs.job order by 1, 2, 3`,
  );
  return rows;
}

/** Columns, rules, indexes, triggers and functions of what the engine and the shop made. */
async function shapeOf(one: pg.Client): Promise<unknown> {
  const { rows } = await one.query<{ what: string }>(SHAPE);
  return rows.map(({ what }) => what.replaceAll(/queue_stats_\d{8}/g, "queue_stats_day"));
}

const SHAPE = `
  select what from (
    select format('column %s.%s %s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable, column_default) as what
      from information_schema.columns where table_schema in ('oncepaid', 'shop')
    union all
    select format('constraint %s.%s %s %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid))
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('oncepaid', 'shop')
    union all
    select indexdef from pg_indexes where schemaname in ('oncepaid', 'shop')
    union all
    select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
      join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('oncepaid', 'shop') and not t.tgisinternal
    union all
    select pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('oncepaid', 'shop')
    union all
    select format('%s.%s %s', n.nspname, c.relname, c.reloptions) from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('oncepaid', 'shop') and c.relkind = 'r'
    union all
    select 'queue ' || name from oncepaid_jobs.queue
  ) as shape order by what`;

/** Every column, and every row as text. */
async function everythingIn(one: pg.Client, schemas: string[]): Promise<unknown> {
  const { rows: tables } = await one.query<{ schema: string; name: string; columns: string }>(
    `select table_schema as schema, table_name as name, string_agg(column_name || ' ' || data_type, ', ' order by ordinal_position) as columns
       from information_schema.columns where table_schema = any ($1) group by 1, 2 order by 1, 2`,
    [schemas],
  );
  const found: unknown[] = [];
  for (const { schema, name, columns } of tables) {
    const { rows } = await one.query(`select t::text as row from "${schema}"."${name}" t order by 1`);
    found.push({ schema, name, columns, rows });
  }
  return found;
}
