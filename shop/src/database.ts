import { type Generated, Kysely, PostgresDialect } from "kysely";
import type { Role } from "oncepaid";
import { openPool } from "oncepaid/pool";
import { config } from "#/config.ts";

/** The schema of the shop's own tables: its accounts. */
export const SCHEMA = "shop";

/** The schema of the engine's tables; its queues lie in `oncepaid_jobs`. */
export const ENGINE_SCHEMA = "oncepaid";

/** The tables as better-auth makes them (migrations/0001_accounts.sql), as far as they are read here, and who may open the desk. */
export type Accounts = {
  user: { id: string; email: string; emailVerified: boolean; isAnonymous: boolean | null; createdAt: Date };
  session: { id: string; userId: string; expiresAt: Date };
  operator: { email: string; role: Role; added_at: Generated<Date>; added_by: string };
  passkey: {
    id: string;
    user_id: string;
    name: string;
    public_key: string;
    counter: number;
    transports: string[];
    added_at: Generated<Date>;
    used_at: Date | null;
  };
  passkey_challenge: { challenge: string; user_id: string | null; expires_at: Date };
  visitor_move: { visitor_id: string; user_id: string };
};

export type AccountsDatabase = { pool: ReturnType<typeof openPool>; db: Kysely<Accounts> };

/** Next bundles its own copy of this module; the global lets both copies share one pool per process. */
const shared: typeof globalThis & { oncepaidShop?: AccountsDatabase } = globalThis;

/** Connections that look into the shop's own schema. */
export function database(): AccountsDatabase {
  shared.oncepaidShop ??= connectAccounts(config().databaseUrl);
  return shared.oncepaidShop;
}

/** Connections of requests: a sign-in, a session that is read. */
const POOL_SIZE = 10;

export function connectAccounts(url: string, max = POOL_SIZE): AccountsDatabase {
  const pool = openPool(url, { max, applicationName: "oncepaid-shop" });
  const dialect = new PostgresDialect({
    pool: { connect: () => pool.connect(), end: () => pool.end(), options: {} },
  });
  return { pool, db: new Kysely<Accounts>({ dialect }).withSchema(SCHEMA) };
}

/** One connection, within a transaction. Statements name the schema. */
export type Client = Awaited<ReturnType<AccountsDatabase["pool"]["connect"]>>;

/** All of it or nothing, on one connection. */
export async function inTransaction<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = await database().pool.connect();
  let broken = false;
  try {
    await client.query({ text: "begin" });
    const done = await work(client);
    await client.query({ text: "commit" });
    return done;
  } catch (error) {
    await client.query({ text: "rollback" }).catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

export async function closeAccounts(): Promise<void> {
  const open = shared.oncepaidShop;
  delete shared.oncepaidShop;
  await open?.pool.end();
}
