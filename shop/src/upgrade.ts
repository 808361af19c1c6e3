import type { OwnPool } from "oncepaid/pool";
import type pg from "pg";
import { getConstructionPlans } from "pg-boss";

/**
 * A database of a version before the schemas were parted, with everything in `public` and the queues in `pgboss`, is moved in one
 * transaction: orders and access to the engine's schema, accounts to the shop's, pending work and work that was given up along with
 * them. Nothing follows from a move: no mail, no job, no row of the outbox.
 */

/** The migrations that database has, all of them and no other: then its tables are ours to move. */
const BEFORE = [
  "0001_orders",
  "0002_accounts",
  "0003_guard",
  "0004_timeline",
  "0005_one_plan",
  "0006_outbox",
  "0007_bookings",
  "0008_accounts",
  "0009_downloads_and_rulings",
  "0010_recovery",
  "0011_embedded_and_trials",
  "0012_unclaimed_links",
];

/** The engine's migrations that make of nothing what a move makes of the tables of before. */
const MADE_BY_THE_MOVE = ["0001_orders", "0002_bookings", "0003_access"];

const ENGINE_TABLES = [
  '"order"',
  "order_item",
  "checkout_attempt",
  "stripe_event",
  "stripe_link",
  "entitlement",
  "fulfillment_log",
  "order_change",
  "outbox",
  "slot",
  "booking",
  "seat",
  "download",
  "download_reissue",
  "trial_card",
  "reconcile",
  "rate_limit",
];
const ACCOUNT_TABLES = ['"user"', '"session"', '"account"', '"verification"', "visitor_move"];

/** Any fixed number: two machines that start at once move the tables one after the other. */
const LOCK = 7_206_113;

/** True when there was something to move. */
export async function moveOldTables(pool: OwnPool): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock($1)", [LOCK]);
    const moves = await isOfBefore(client);
    if (moves) await move(client);
    await client.query("commit");
    return moves;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

async function isOfBefore(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ table: string | null }>(
    "select to_regclass('public.kysely_migration')::text as table",
  );
  if (!rows[0]?.table) return false;
  const { rows: applied } = await client.query<{ name: string }>(
    "select name from public.kysely_migration order by name",
  );
  return JSON.stringify(applied.map(({ name }) => name)) === JSON.stringify(BEFORE);
}

async function move(client: pg.PoolClient): Promise<void> {
  await client.query("create schema oncepaid; create schema shop");
  // Members are accounts of the app's, whatever tables those lie in.
  await client.query("alter table public.seat drop constraint seat_user_id_fkey");
  // A language is the app's business too.
  await client.query(`alter table public."order" drop constraint order_locale_check`);
  for (const table of ENGINE_TABLES) await client.query(`alter table public.${table} set schema oncepaid`);
  for (const table of ACCOUNT_TABLES) await client.query(`alter table public.${table} set schema shop`);
  await client.query(FUNCTIONS);
  await client.query(`create table shop.rate_limit (like oncepaid.rate_limit including all)`);
  await moveJobs(client);
  await noteMigrations(client);
}

/** Triggers follow their tables and functions, but a function's body names its tables by where they were. */
const FUNCTIONS = `
  alter function public.require(boolean) set schema oncepaid;
  alter function public.keep_slot_taken() set schema oncepaid;
  alter function public.refuse_taken_by_hand() set schema oncepaid;
  alter function public.seat_is_sold() set schema oncepaid;
  do $move$
  declare
    body record;
  begin
    for body in
      select pg_get_functiondef(p.oid) as text from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = 'oncepaid' and p.proname in ('keep_slot_taken', 'seat_is_sold')
    loop
      execute regexp_replace(regexp_replace(body.text, 'update slot ', 'update oncepaid.slot '),
                             'from entitlement', 'from oncepaid.entitlement');
    end loop;
  end
  $move$;
`;

/** Waiting, running and given-up jobs go to queues of the same names in the new schema; what is done stays known as done. */
async function moveJobs(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass('pgboss.job') is not null as there",
  );
  if (!rows[0]?.there) return;
  // Its own transaction would end this one.
  await client.query(
    getConstructionPlans("oncepaid_jobs", { createSchema: true }).replaceAll(/^\s*(BEGIN|COMMIT);/gm, ""),
  );
  const columns = async (table: string) => {
    const { rows: names } = await client.query<{ names: string }>(
      `select string_agg(quote_ident(n.column_name), ', ') as names
         from information_schema.columns n
         join information_schema.columns o using (table_name, column_name)
        where n.table_schema = 'oncepaid_jobs' and o.table_schema = 'pgboss' and n.table_name = $1
          and n.is_generated = 'NEVER'`,
      [table],
    );
    return names[0]?.names ?? "";
  };
  const queue = await columns("queue");
  // A queue comes after the one its dead letters go to.
  await client.query(
    `insert into oncepaid_jobs.queue (${queue}) select ${queue} from pgboss.queue order by dead_letter nulls first`,
  );
  const job = (await columns("job")).replace(/(^|, )state(?=,|$)/, "$1state");
  await client.query(
    `insert into oncepaid_jobs.job (${job})
     select ${job.replace(/(^|, )state(?=,|$)/, "$1state::text::oncepaid_jobs.job_state")} from pgboss.job`,
  );
  await client.query("drop schema pgboss cascade");
}

async function noteMigrations(client: pg.PoolClient): Promise<void> {
  for (const [schema, names] of [
    ["oncepaid", MADE_BY_THE_MOVE],
    ["shop", ["0001_accounts"]],
  ] as const) {
    await client.query(`create table ${schema}.migration (
      name varchar(255) not null primary key, timestamp varchar(255) not null)`);
    await client.query(
      `insert into ${schema}.migration (name, timestamp) select name, $2 from unnest($1::text[]) as name`,
      [names, new Date().toISOString()],
    );
  }
  await client.query("drop table public.kysely_migration, public.kysely_migration_lock");
}
