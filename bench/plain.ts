import pg from "pg";
import { numbered, runPgbench } from "./run-pgbench.ts";
import type { BenchedShop } from "./shop.ts";

const CLIENTS = 10;
const PER_CLIENT = 800;

/** The least that has to be written when an order is paid, in tables of its own that have a primary key and nothing else. */
const TABLES = `
  drop schema if exists bench cascade;
  create schema bench;
  create table bench.event (id text primary key, payload json not null);
  create table bench.paid (id integer primary key, status text not null, paid_at timestamptz);
  create table bench.log (paid_id integer, event text, at timestamptz not null, primary key (paid_id, event));
  create table bench.granted (paid_id integer, product text, state text not null, primary key (paid_id, product));
  insert into bench.paid select n, 'PENDING', null from generate_series(1, ${CLIENTS * PER_CLIENT}) n;
  analyze bench.paid;`;

/** What PostgreSQL's own load generator makes of four plain statements in one transaction: event, order, log, grant. */
export async function measurePlain(shop: BenchedShop, payload: string): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: shop.databaseUrl });
  await client.connect();
  try {
    await client.query(TABLES);
    return await runPgbench(shop.databaseUrl, scriptOf(payload), { clients: CLIENTS, perClient: PER_CLIENT });
  } finally {
    await client.query("drop schema if exists bench cascade");
    await client.end();
  }
}

function scriptOf(payload: string): string {
  // In a script of pgbench a colon begins a variable, inside literals too.
  const json = `E'${payload.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll(":", "\\x3a")}'`;
  return [
    numbered(PER_CLIENT),
    "begin;",
    `insert into bench.event values ('evt_' || :bench_number::integer, ${json}::json);`,
    "update bench.paid set status = 'FULFILLED', paid_at = now() where id = :bench_number;",
    "insert into bench.log values (:bench_number, 'checkout.fulfilled', now());",
    "insert into bench.granted values (:bench_number, 'ebook', 'active');",
    "commit;",
  ].join("\n");
}
