import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { DB } from "#/database/schema.ts";

export type Database = { url: string; pool: pg.Pool; db: Kysely<DB> };

/** bigint columns hold amounts in minor units and counts, all far below 2^53. */
const INT8 = 20;
const POOL_SIZE = 20;

export function connect(url: string, poolSize = POOL_SIZE): Database {
  const pool = new pg.Pool({
    connectionString: url,
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
  return { url, pool, db: new Kysely<DB>({ dialect: new PostgresDialect({ pool }) }) };
}

/** Work that is written all or not at all; whatever it throws undoes it. */
export async function inTransaction<T>(
  { pool }: Pick<Database, "pool">,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
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
