import { Kysely, PostgresDialect } from "kysely";
import { config } from "oncepaid-shop/config.ts";
import pg from "pg";
import type { DB } from "#/database/schema.ts";

export type Database = { pool: pg.Pool; db: Kysely<DB> };

/** Next bundles its own copy of this module; the global lets both copies share one pool per process. */
const shared: typeof globalThis & { oncepaidDatabase?: Database } = globalThis;

/** bigint columns hold amounts in minor units and counts, all far below 2^53. */
const INT8 = 20;
const POOL_SIZE = 20;

export function database(): Database {
  shared.oncepaidDatabase ??= connect(config().databaseUrl);
  return shared.oncepaidDatabase;
}

export function connect(databaseUrl: string, poolSize = POOL_SIZE): Database {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    application_name: "oncepaid",
    types: {
      getTypeParser: (oid, format) =>
        oid === INT8 && format !== "binary" ? Number : pg.types.getTypeParser(oid, format),
    },
  });
  // A connection that breaks must not end the process: idle, the next query opens another one; between two statements of a
  // transaction, the next of them fails.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return { pool, db: new Kysely<DB>({ dialect: new PostgresDialect({ pool }) }) };
}

/** Work that is written all or not at all; whatever it throws undoes it. */
export async function inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await database().pool.connect();
  try {
    await client.query("begin");
    const done = await work(client);
    await client.query("commit");
    client.release();
    return done;
  } catch (error) {
    // A connection that can't even roll back is not given to anybody else.
    await client.query("rollback").then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
}

const UNIQUE_VIOLATION = "23505";

/** A row that must be there once is there already; `constraint` names which rule said so. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof pg.DatabaseError) || error.code !== UNIQUE_VIOLATION) return false;
  return constraint === undefined || error.constraint === constraint;
}

const CHECK_VIOLATION = "23514";

/** A row breaks the rule named `constraint`, so nothing was written. */
export function isCheckViolation(error: unknown, constraint: string): boolean {
  return (
    error instanceof pg.DatabaseError && error.code === CHECK_VIOLATION && error.constraint === constraint
  );
}

/** The rows moved since they were read, or two transactions waited for each other and PostgreSQL ended this one. */
const LOST_RACES = ["40001", "40P01"];

/** Somebody else was faster: nothing was written, and reading again will help. */
export function isLostRace(error: unknown): boolean {
  return error instanceof pg.DatabaseError && LOST_RACES.includes(error.code ?? "");
}

const UNKEEPABLE_TEXT = "22021";

/** A text that was sent holds a NUL character, the one that PostgreSQL has no place for. */
export function isUnkeepableText(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === UNKEEPABLE_TEXT;
}

export async function closeDatabase(): Promise<void> {
  const open = shared.oncepaidDatabase;
  delete shared.oncepaidDatabase;
  // Kysely ends the pool only if it was used itself.
  await open?.pool.end();
}
