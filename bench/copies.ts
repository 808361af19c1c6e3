import { createHash } from "node:crypto";
import type pg from "pg";
import type { OpenOrder } from "./shop.ts";

/**
 * One order of the app's own making, many times over: the same rows and statements with other ids. `n` stands for the SQL
 * expression of a copy's number.
 */
export type Original = {
  order: OpenOrder;
  stem: string;
  others: string[];
  /** Each copy is a minute older than the one before, as in a shop that has sold for years. */
  aging?: boolean;
};

/** The SQL of a text of the original as its copy has it. A later `round` has the same order and other events. */
export function copied(text: string, { order, stem, others }: Original, n: string, round = 0): string {
  const changes: [string, string][] = [
    [order.orderId, uuid(stem, 0, n)],
    [order.sessionId, `'cs_test_${stem}copy' || ${n}`],
    ...others.map((other, index): [string, string] => [other, uuid(stem, index + 1, n)]),
    [stem, `'${stem}copy${round}x' || ${n}`],
  ];
  return changes
    .filter(([from]) => text.includes(from))
    .reduce((sql, [from, to]) => `replace(${sql}, ${literal(from)}, ${to})`, literal(text));
}

/** In a script of pgbench a colon begins a variable, inside literals too, so it is written as an escape. */
function literal(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll(":", "\\x3a")}'`;
}

/** Every time of day in it is the copy's own. Each is looked up here and replaced as it stands: a regular expression for a million rows takes as long as writing them. */
function aged(sql: string, row: string, { aging = false }: Original): string {
  const times = aging ? new Set(row.match(/"20\d\d-\d\d-\d\dT[\d:.]+\+00:00"/g)) : [];
  return [...times].reduce((aged, time) => `replace(${aged}, ${literal(time)}, at.time)`, sql);
}

/** The last digits are the copy's number; the first tell which order was copied and which of its ids this is. */
function uuid(stem: string, kind: number, n: string): string {
  const first = createHash("sha256").update(`${stem} ${kind}`).digest("hex").slice(0, 8);
  return `'${first}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0')`;
}

/** Writes the rows of copies 1 to `count`. */
export async function writeCopies(
  client: pg.Client,
  tables: readonly string[],
  original: Original,
  count: number,
  round = 0,
): Promise<void> {
  for (const table of tables) {
    const key = table === "order" ? "id" : "order_id";
    const { rows } = await client.query<{ row: string }>(
      `select to_jsonb(t)::text as row from oncepaid."${table}" t where ${key} = $1`,
      [original.order.orderId],
    );
    for (const { row } of rows) {
      await client.query(
        // As a table of its own: a record that is taken apart in the list of columns is made once for each of them.
        `insert into oncepaid."${table}"
           select one.* from generate_series(1, $1::integer) n
            cross join lateral (
              select '"' || to_char(now() at time zone 'UTC' - n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS') || '+00:00"' as time
              offset 0) at
            cross join lateral jsonb_populate_record(null::oncepaid."${table}",
              (${aged(copied(row, original, "n", round), row, original)})::jsonb) as one`,
        [count],
      );
    }
  }
}
