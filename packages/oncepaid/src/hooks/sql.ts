import type { PoolClient } from "pg";
import type { Connection } from "#/database/connection.ts";
import type { Transaction } from "#/database/database.ts";

/**
 * Writes in the transaction of the change: `` await sql`insert into credits (user_id, amount) values (${id}, ${100})` ``. Values
 * travel as parameters, never as text. `sql.client` is the `pg` client of the transaction, for Drizzle, Kysely or plain `query`.
 */
export type Sql = {
  <Row = Record<string, unknown>>(text: TemplateStringsArray, ...values: unknown[]): Promise<Row[]>;
  readonly client: PoolClient;
};

export function sqlOn({ query, connection }: Transaction): Sql {
  const tag = async <Row>(text: TemplateStringsArray, ...values: unknown[]): Promise<Row[]> => {
    const statement = text.reduce((before, part, place) => `${before}$${place}${part}`);
    return (await query<Row>(statement, values)).rows;
  };
  return Object.assign(tag, { client: clientOf(connection) });
}

/** The connection came out of a pool of `pg`, ours or the app's; of that, our own code needs only a part. */
function clientOf(connection: Connection): PoolClient;
function clientOf(connection: Connection): Connection {
  return connection;
}
