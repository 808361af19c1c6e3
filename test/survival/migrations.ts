import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { openGate } from "../../packages/oncepaid/test/postgres-gate.ts";
import { endingOf } from "../../shop/embedded/child.ts";
import { CLONE_DATA, ROOT } from "../../shop/embedded/places.ts";
import { freePortsFrom } from "../../shop/embedded/ports.ts";
import { startPostgres } from "../../shop/embedded/postgres.ts";
import type { TestDatabase } from "../support/database.ts";
import { createOldDatabase, oldData } from "../upgrade/old-database.ts";

/**
 * `npm run migrate` of a database of the version before the schemas were parted, with orders and waiting work in it, killed when its n-th
 * message to PostgreSQL is on its way. Run again, it ends at the same tables, rules and rows as one that was left alone.
 */
export type MigrationReport = { messages: number; kills: number; problems: string[] };

const FIRST_PORT = 46_000;
const MIGRATE = join(ROOT, "bin", "migrate.ts");

/** `most`: kills are spread over all steps; without it, one at each. */
export async function surviveMigrations(
  tell: (line: string) => void,
  most?: number,
): Promise<MigrationReport> {
  const dir = join(CLONE_DATA, `migrations-${process.pid}`);
  mkdirSync(dir, { recursive: true, mode: 0o711 });
  const postgres = await startPostgres({ dir, nextPort: freePortsFrom(FIRST_PORT), durable: false });
  process.env.TEST_DATABASE_URL = postgres.url;
  try {
    const alone = await oneAlone();
    const report: MigrationReport = { messages: alone.messages, kills: 0, problems: [] };
    for (const step of stepsOf(alone.messages, most)) {
      report.problems.push(...(await killedAt(step, alone.state)));
      report.kills++;
      if (report.kills % 10 === 0) tell(`${report.kills} migrations killed of ${most ?? alone.messages}`);
    }
    return report;
  } finally {
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function stepsOf(messages: number, most = messages): number[] {
  const count = Math.min(most, messages);
  return Array.from({ length: count }, (_, place) => 1 + Math.floor((place * messages) / count));
}

async function oneAlone(): Promise<{ messages: number; state: string[] }> {
  const database = await createOldDatabase(oldData());
  const gate = await openGate(database.url);
  void gate.arm(Number.POSITIVE_INFINITY);
  await endingOf(migrate(gate.url));
  const messages = gate.passed();
  gate.close();
  const state = await stateOf(database);
  await database.drop();
  return { messages, state };
}

async function killedAt(step: number, expected: readonly string[]): Promise<string[]> {
  const database = await createOldDatabase(oldData());
  const gate = await openGate(database.url);
  const atTheGate = gate.arm(step);
  const child = migrate(gate.url);
  const ended = endingOf(child);
  await Promise.race([atTheGate, ended]);
  child.kill("SIGKILL");
  await ended;
  gate.close();
  const ending = await endingOf(migrate(database.url));
  const state = ending === "exit code 0" ? await stateOf(database) : [];
  await database.drop();
  if (ending !== "exit code 0")
    return [`Killed at message ${step}, the next migration ended with ${ending}.`];
  const differs = [
    ...expected.filter((one) => !state.includes(one)).map((one) => `lacks ${one}`),
    ...state.filter((one) => !expected.includes(one)).map((one) => `has ${one}`),
  ];
  return differs.slice(0, 5).map((difference) => `Killed at message ${step}, the database ${difference}.`);
}

function migrate(databaseUrl: string) {
  return spawn(process.execPath, [MIGRATE], {
    cwd: ROOT,
    stdio: "ignore",
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
  });
}

/** Columns, rules, indexes, functions, and how many rows each table has, a line each. Partitions of a day are the day's. */
async function stateOf({ url }: TestDatabase): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ line: string }>(STATE);
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname in ('oncepaid', 'shop', 'public') order by 1`,
    );
    const counts: string[] = [];
    for (const { name } of tables) {
      const { rows: counted } = await client.query<{ count: string }>(`select count(*) from ${name}`);
      counts.push(`${counted[0]?.count} rows in ${name}`);
    }
    return [...rows.map(({ line }) => line), ...counts];
  } finally {
    await client.end();
  }
}

const SCHEMAS = "('oncepaid', 'shop', 'public', 'oncepaid_jobs', 'pgboss')";
const STATE = `
  select format('%s.%s.%s %s', table_schema, table_name, column_name, data_type) as line
    from information_schema.columns where table_schema in ${SCHEMAS}
  union all select format('%s %s', conrelid::regclass, pg_get_constraintdef(c.oid))
    from pg_constraint c join pg_namespace n on n.oid = connamespace where nspname in ${SCHEMAS} and conrelid <> 0
  union all select indexdef from pg_indexes where schemaname in ${SCHEMAS}
  union all select pg_get_functiondef(p.oid)
    from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname in ${SCHEMAS}
  union all select name from oncepaid.migration
  union all select name from shop.migration
  union all select 'queue ' || name from oncepaid_jobs.queue`;
