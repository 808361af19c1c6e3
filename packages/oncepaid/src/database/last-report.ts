import type { Executor } from "#/database/database.ts";

/** What something said the last time, when it did: ISO 8601 in UTC. */
export type LastReport = { what: string; at: string; result: unknown };

/** What a web process says when a buyer came through fewer proxies than it trusts: by how many that was, `{ trusted }`. */
export const FEWER_PROXIES = "fewer_proxies";

/** Takes the place of what it said before. */
export async function keepReport({ query }: Executor, what: string, result: object): Promise<void> {
  await query(
    `insert into oncepaid.last_report (what, result) values ($1, $2)
     on conflict (what) do update set at = now(), result = excluded.result`,
    [what, JSON.stringify(result)],
  );
}

export async function readReports({ query }: Executor, whats: readonly string[]): Promise<LastReport[]> {
  const { rows } = await query<{ what: string; at: Date; result: unknown }>(
    "select what, at, result from oncepaid.last_report where what = any($1::text[])",
    [whats],
  );
  return rows.map(({ at, ...report }) => ({ ...report, at: at.toISOString() }));
}
