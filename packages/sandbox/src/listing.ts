import { columnOf, indexName } from "./schema.ts";
import type { Kind } from "./wire.ts";

export interface Filter {
  /**
   * A path in the object's JSON, such as `customer.email`, or `items.data[].price.id` for any of a list's items; or
   * `delivered`, which only events know.
   */
  field: string;
  /** `same` and `contains` compare texts, whatever their letters' case; numbers and booleans as they are written. */
  is: "=" | ">" | ">=" | "<" | "<=" | "in" | "like" | "!=" | "same" | "contains";
  value: string | number | readonly string[] | null;
  /** Leaves what does not fulfil it, what lacks the field included. */
  not?: boolean;
  /** Others of which any will do in its place. */
  or?: readonly Filter[];
}

type Value = string | number;

/** A place in a list: right after, or right before, an object of this moment and order of birth. */
export interface Place {
  created: number;
  seq: number;
}

/**
 * The SQL of a page. Its limit stands there as it is: where it is bound, SQLite plans the statement anew each time, which takes thirty
 * times as long as finding a short page. What belongs to it is found by index alone, before any body is read. Where a field may have one of
 * several values, each value's own page is found and the newest of them all are kept.
 */
export function pageSql(
  kind: Kind,
  filters: readonly Filter[],
  page: { limit: number; after?: Place | undefined; before?: Place | undefined },
): { sql: string; values: Value[] } {
  const among = filters.find(
    ({ is, not, or, value }) => is === "in" && typeof value === "object" && !not && !or,
  );
  const others = filters.filter((filter) => filter !== among);
  const order = page.before ? "ASC" : "DESC";
  const values: Value[] = [];
  const pages = alternatives(among).map((one) => {
    const narrowing = [...others, ...one];
    const conditions = narrowing.map((filter) => conditionOf(kind, filter, values));
    const { after, before, limit } = page;
    if (after)
      conditions.push(`(created, seq) < (${bound(values, after.created)}, ${bound(values, after.seq)})`);
    if (before)
      conditions.push(`(created, seq) > (${bound(values, before.created)}, ${bound(values, before.seq)})`);
    const where = [`kind = '${kind}'`, "deleted = 0", ...conditions].join(" AND ");
    return `SELECT * FROM (SELECT created, seq FROM ${source(kind, narrowing)} WHERE ${where} ORDER BY created ${order}, seq ${order} LIMIT ${limit})`;
  });
  const found = pages.length > 0 ? pages.join(" UNION ALL ") : "SELECT 0 AS created, 0 AS seq WHERE 0";
  const sql = `SELECT body FROM (${found} ORDER BY created ${order}, seq ${order} LIMIT ${page.limit}) AS page CROSS JOIN object USING (seq) ORDER BY page.created ${order}, page.seq ${order}`;
  return { sql, values };
}

/** Where a field of this kind stands: in a column of its own, or in the JSON. */
export const pathOf = (kind: Kind, field: string) => columnOf(kind, field) ?? inBody(field);

const inBody = (field: string) => `json_extract(body, '$.${field}')`;

function alternatives(among: Filter | undefined): Filter[][] {
  if (!among || typeof among.value !== "object" || among.value === null) return [[]];
  const { field } = among;
  return [...new Set(among.value)].map((value) => [{ field, is: "=", value }]);
}

/**
 * Where a field has one value, its index is named: between two bounds of time SQLite takes the one over time alone, and reads every
 * body for a value that few have. Events that were not delivered have a table of their own, in the same order.
 */
function source(kind: Kind, filters: readonly Filter[]): string {
  const undelivered = filters.some(({ field, value }) => field === "delivered" && value === 0);
  if (undelivered) return "undelivered CROSS JOIN object USING (created, seq)";
  const exact = filters.filter(({ is, value, not, or }) => is === "=" && value !== null && !not && !or);
  const column = exact.map(({ field }) => columnOf(kind, field)).find((name) => name !== undefined);
  return column ? `object INDEXED BY ${indexName(column)}` : "object";
}

function conditionOf(kind: Kind, filter: Filter, values: Value[]): string {
  const condition = fulfilled(kind, filter, values);
  const own = filter.not ? `NOT coalesce(${condition}, 0)` : condition;
  if (!filter.or) return own;
  return `(${[own, ...filter.or.map((other) => conditionOf(kind, other, values))].join(" OR ")})`;
}

function fulfilled(kind: Kind, { field, is, value }: Filter, values: Value[]): string {
  if (field === "delivered") {
    if (value === 0) return "true";
    return "NOT EXISTS (SELECT 1 FROM undelivered AS open WHERE open.created = object.created AND open.seq = object.seq)";
  }
  const [list = "", ofItem] = field.split("[].");
  if (ofItem !== undefined && typeof value !== "object") {
    return `EXISTS (SELECT 1 FROM json_each(body, '$.${list}') AS item WHERE json_extract(item.value, '$.${ofItem}') ${is} ${bound(values, value)})`;
  }
  const path = field === "created" ? "created" : pathOf(kind, field);
  if (value === null) return `${path} IS ${is === "=" ? "" : "NOT "}NULL`;
  if (is === "same") return `${textOf(field)} = ${bound(values, String(value))} COLLATE NOCASE`;
  if (is === "contains") return `instr(lower(${textOf(field)}), lower(${bound(values, String(value))})) > 0`;
  if (typeof value !== "object") return `${path} ${is} ${bound(values, value)}`;
  return `${path} IN (${value.map((one) => bound(values, one)).join(", ")})`;
}

/** As JSON writes it: SQLite reads its booleans as numbers. */
function textOf(field: string): string {
  const type = `json_type(body, '$.${field}')`;
  return `CASE WHEN ${type} IN ('true', 'false') THEN ${type} ELSE CAST(${inBody(field)} AS TEXT) END`;
}

function bound(values: Value[], value: Value): string {
  values.push(value);
  return "?";
}
