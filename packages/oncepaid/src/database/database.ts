import {
  Kysely,
  type PostgresCursor,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from "kysely";
import pg from "pg";
import type { Connection, Pool } from "#/database/connection.ts";
import { isPooled, openPool } from "#/database/pool.ts";
import type { DB } from "#/database/schema.ts";

/**
 * The engine's ground in a PostgreSQL database: everything of its own lies in one schema, and the queues in another. Statements are
 * written with the schema's usual name, `oncepaid.`, and get the real one here. What a query answers is read with parsers of
 * its own, so a pool that an app brings along, with other parsers or none, changes nothing.
 */
export type Database = {
  /** The schema of the tables; the queues lie in `<schema>_jobs`. */
  schema: string;
  /** Statements are prepared under a name, so that PostgreSQL reads and plans each once per connection. */
  isPrepared: boolean;
  pool: Pool;
  /** One statement on a connection of the pool. */
  query: Query;
  db: Kysely<DB>;
};

/** Where the engine's ground is: the URL of a database, or an app's own pool, and the schema there. */
export type Ground = { database: string | Pool; schema: string; preparedStatements?: boolean };

export type Rows<Row> = { rows: Row[]; rowCount: number };

/** A prepared statement; its name is kept per connection. */
export type Statement = { name: string; text: string; values: readonly unknown[] };

/** Runs one statement, on whatever connection it belongs to. The type of a row is what its author says it is. */
export type Query = <Row>(statement: string | Statement, values?: readonly unknown[]) => Promise<Rows<Row>>;

/** A transaction, or the pool: whatever a statement can be run on. */
export type Executor = { query: Query };

/** bigint columns hold amounts in minor units and counts, all far below 2^53. */
const INT8 = 20;
const POOL_SIZE = 20;

const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === INT8 && format !== "binary" ? Number : pg.types.getTypeParser(oid, format),
};

/** The ground itself. A pool that was opened here is to be ended here. */
export function openDatabase(
  { database, schema, preparedStatements = true }: Ground,
  max = POOL_SIZE,
): Database {
  const isPrepared = preparedStatements && !(typeof database === "string" && isPooled(database));
  const pool =
    typeof database === "string" ? openPool(database, { max, applicationName: "oncepaid" }) : database;
  return {
    schema,
    isPrepared,
    pool,
    query: queryOn(pool, { schema, isPrepared }),
    db: new Kysely<DB>({ dialect: new PostgresDialect({ pool: typedPool(pool, schema) }) }).withSchema(
      schema,
    ),
  };
}

/** Statements run on this connection, or on any of the pool. */
export function queryOn(
  on: Pick<Connection, "query">,
  { schema, isPrepared }: Pick<Database, "schema" | "isPrepared">,
): Query {
  return async <Row>(statement: string | Statement, values: readonly unknown[] = []) => {
    const { text, ...named } = typeof statement === "string" ? { text: statement, values } : statement;
    const { rows, rowCount } = await on.query({
      ...(isPrepared && "name" in named && { name: `${schema}:${named.name}` }),
      text: inSchema(text, schema),
      values: [...named.values],
      types: TYPES,
    });
    return { rows: rowsOf<Row>(rows), rowCount: rowCount ?? 0 };
  };
}

const USUAL = "oncepaid";

/** The statement as it is for the schema it really lies in. */
export function inSchema(text: string, schema: string): string {
  return schema === USUAL
    ? text
    : text.replaceAll(/\boncepaid(_jobs)?\./g, (_, jobs = "") => `"${schema}${jobs}".`);
}

/** Nothing checks what a statement answers; its author says what it is. */
function rowsOf<Row>(rows: unknown[]): Row[];
function rowsOf(rows: unknown[]): unknown[] {
  return rows;
}

/** Kysely's queries bring the same parsers, and name the same schema. */
function typedPool(pool: Pool, schema: string): PostgresPool {
  return {
    connect: async () => typedClient(await pool.connect(), schema),
    end: () => pool.end(),
    options: {},
  };
}

function typedClient(connection: Connection, schema: string): PostgresPoolClient {
  function query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query(text: unknown, values: readonly unknown[] = []): unknown {
    if (typeof text !== "string") throw new Error("Cursors are not used here.");
    return connection.query({ text: inSchema(text, schema), values: [...values], types: TYPES });
  }
  return { query, release: () => connection.release() };
}

/** One connection between BEGIN and COMMIT; `connection` is the app's way to write along. */
export type Transaction = Executor & { connection: Connection };

/** Thrown where a connection is not to be used again, whatever state it is in: it is closed instead of rolled back. */
export class Abandoned extends Error {
  override name = "Abandoned";
}

/** Work that is written all or not at all; whatever it throws undoes it. */
export async function inTransaction<T>(
  { pool, ...ground }: Pick<Database, "pool" | "schema" | "isPrepared">,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const connection = await pool.connect();
  const query = queryOn(connection, ground);
  try {
    await query("begin");
    const done = await work({ query, connection });
    const { command } = await connection.query({ text: "commit" });
    // Where a statement failed and somebody caught its error, PostgreSQL answers a commit with a rollback.
    if (command !== "COMMIT")
      throw new Error("A statement of the transaction failed, so none of it is written.");
    connection.release();
    return done;
  } catch (error) {
    if (error instanceof Abandoned) {
      connection.release(error);
      throw error;
    }
    // A connection that can't even roll back is not given to anybody else.
    await query("rollback").then(
      () => connection.release(),
      (broken: Error) => connection.release(broken),
    );
    throw error;
  }
}
