import { randomBytes } from "node:crypto";
import { codeOf } from "oncepaid/failure";
import { isPooled } from "oncepaid/pool";
import pg from "pg";
import { until } from "../../shop/embedded/alive.ts";

/** `object_in_use`: somebody, for example autovacuum, is connected to the template at this moment. */
const OBJECT_IN_USE = "55006";
const COPY_LIMIT_MS = 30_000;
/** `insufficient_privilege`: autovacuum is in it, which only the server itself may end; it goes when it is done. */
const INSUFFICIENT_PRIVILEGE = "42501";
const DROP_LIMIT_MS = 30_000;
/** A pool that was ended has told its connections to go; they are gone a moment later. */
const LEAVE_LIMIT_MS = 1_000;

export type TestDatabase = { url: string; drop(): Promise<void> };

/** A migrated, empty database of the caller's own: a copy of the template. Drop it when done. */
export async function createDatabase(): Promise<TestDatabase> {
  const name = `oncepaid_test_${process.pid}_${randomBytes(4).toString("hex")}`;
  const [serverUrl, template] = [server(), given("TEST_DATABASE_TEMPLATE")];
  await until(() => copied(serverUrl, template, name), COPY_LIMIT_MS);
  return {
    url: forApps(databaseUrl(serverUrl, name)),
    drop: () => dropDatabase(serverUrl, name),
  };
}

/** A database with nothing in it. Drop it when done. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = `oncepaid_test_${process.pid}_${randomBytes(4).toString("hex")}`;
  const serverUrl = server();
  await query(serverUrl, `create database ${name}`);
  return {
    url: forApps(databaseUrl(serverUrl, name)),
    drop: () => dropDatabase(serverUrl, name),
  };
}

/** Where `npm run test:pgbouncer` has put a pooler before the server, what is tested goes through it; what looks at it doesn't. */
function forApps(url: string): string {
  const { TEST_POOLER_PORT: port } = process.env;
  if (!port) return url;
  const pooled = new URL(url);
  pooled.port = port;
  pooled.searchParams.set("pgbouncer", "true");
  return pooled.href;
}

/** The same database, past a pooler before it. */
export function direct(url: string): string {
  if (!isPooled(url)) return url;
  const { pathname } = new URL(url);
  return databaseUrl(server(), pathname.slice(1));
}

/** A database is dropped by this and by nothing else: right after many rows are written, autovacuum may be in it. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  // One that is ended by force while it goes would fail whatever test runs then.
  await until(() => isLeft(serverUrl, name), LEAVE_LIMIT_MS);
  const isGone = await until(() => dropped(serverUrl, name), DROP_LIMIT_MS);
  if (!isGone) throw new Error(`The database ${name} can't be dropped: autovacuum is in it still.`);
}

/** Nobody is connected to it. */
async function isLeft(serverUrl: string, name: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return (await client.query("select from pg_stat_activity where datname = $1", [name])).rowCount === 0;
  } finally {
    await client.end();
  }
}

/** True when it is gone, with everybody who was connected to it. */
async function dropped(serverUrl: string, name: string): Promise<boolean> {
  try {
    await query(serverUrl, `drop database if exists ${name} with (force)`);
    return true;
  } catch (error) {
    if (codeOf(error) === INSUFFICIENT_PRIVILEGE) return false;
    throw error;
  }
}

export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

export async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** Connections of the caller's own, to be ended. What is still closing when its database is dropped is no failure of the test. */
export function openPool(url: string, max = 10): pg.Pool {
  const pool = new pg.Pool({
    connectionString: direct(url),
    max,
    options: "-c search_path=oncepaid,shop,public",
  });
  pool.on("error", () => {});
  return pool;
}

/** A folder that is gone when this run of `npm test` is over, however it ends. */
export function runFolder(): string {
  return given("TEST_RUN_DIR");
}

function server(): string {
  return given("TEST_DATABASE_URL");
}

function given(variable: string): string {
  const value = process.env[variable];
  if (value) return value;
  throw new Error(`No ${variable}: run tests with \`npm test\`, or \`npm test -- path/of/one.test.ts\`.`);
}

async function copied(serverUrl: string, template: string, name: string): Promise<boolean> {
  try {
    // Copied file by file: by way of the log, as PostgreSQL does unless told, takes it twice as long.
    await query(serverUrl, `create database ${name} template ${template} strategy file_copy`);
    return true;
  } catch (error) {
    if (codeOf(error) === OBJECT_IN_USE) return false;
    throw error;
  }
}
