import pg from "pg";
import type { OwnPool, Pool } from "#/database/connection.ts";
import { type Address, openWritable } from "#/database/writable.ts";

export type PoolOptions = { max: number; applicationName: string };

/** How the URL of a database says that the pooler before it knows no prepared statements; the same word as in other libraries. */
const POOLER_PARAMETER = "pgbouncer";

/** The URLs of one database and its standbys, as they stand in one setting, separated by commas. */
export function addressesIn(database: string): string[] {
  return database.split(/,(?=\s*postgres(?:ql)?:\/\/)/).map((url) => url.trim());
}

/** Whether the database is behind a pooler that gives each transaction another connection, and knows no prepared statements. */
export function isPooled(database: string): boolean {
  return addressesIn(database).some(
    (url) => URL.parse(url)?.searchParams.get(POOLER_PARAMETER)?.toLowerCase() === "true",
  );
}

/**
 * Opens connections to the database of a URL. Of several URLs, separated by commas, it is the one that can be written: after the
 * primary is gone, the standby that took over.
 *
 * @example
 * const pool = openPool("postgres://app@one/shop,postgres://app@two/shop", { max: 10, applicationName: "shop" });
 */
export function openPool(database: string, { max, applicationName }: PoolOptions): OwnPool {
  const open = (url: string, more: pg.PoolConfig = {}) => {
    const pool = new pg.Pool({ connectionString: url, max, application_name: applicationName, ...more });
    // A connection that breaks must not end the process: idle, the next query opens another one; between two statements of a
    // transaction, the next of them fails.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    return pool;
  };
  const [first = "", ...others] = addressesIn(database);
  if (others.length === 0) return open(first);
  return openWritable(
    [first, ...others].map(
      (url): Address => ({ name: nameOf(url), url, open: (options) => open(url, options) }),
    ),
  );
}

/** The same pool for a library that names its statements, where a pooler knows none. */
export function withoutNames(pool: Pick<Pool, "query">): Pick<Pool, "query"> {
  return { query: ({ name: _, ...statement }) => pool.query(statement) };
}

/** Host and port, without the password beside them. */
function nameOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed?.host || "a socket";
}
