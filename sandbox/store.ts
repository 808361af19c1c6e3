import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Kind, Kinds } from "./wire.ts";

/**
 * All state, in one SQLite file (or in memory). Objects are kept as the JSON that is sent; `seq` is their order of
 * birth, which `created` in whole seconds can't give. `note` holds what the sandbox must know about an object and
 * Stripe never shows: the outcome of a test card, the lines of a session, the secret of an endpoint.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS object (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  created INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS object_by_kind ON object (kind, seq);
CREATE TABLE IF NOT EXISTS note (id TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (id, name));
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS timer (
  id INTEGER PRIMARY KEY AUTOINCREMENT, due_at INTEGER NOT NULL, name TEXT NOT NULL, subject TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS timer_by_due ON timer (due_at, id);
CREATE TABLE IF NOT EXISTS idempotency (
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, route TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  request_id TEXT NOT NULL, created INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS idempotency_by_age ON idempotency (created);
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, endpoint_id TEXT NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER, UNIQUE (event_id, endpoint_id));
CREATE INDEX IF NOT EXISTS delivery_open ON delivery (event_id) WHERE state <> 'succeeded';
CREATE INDEX IF NOT EXISTS delivery_first ON delivery (endpoint_id, id) WHERE state = 'pending' AND attempts = 0;
CREATE INDEX IF NOT EXISTS delivery_again ON delivery (next_at, id) WHERE state = 'pending' AND attempts > 0;
CREATE TABLE IF NOT EXISTS attempt (
  id INTEGER PRIMARY KEY AUTOINCREMENT, delivery_id INTEGER NOT NULL, at INTEGER NOT NULL, manual INTEGER NOT NULL,
  status INTEGER, error TEXT, milliseconds INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS attempt_by_delivery ON attempt (delivery_id, id);
`;

/** Fields that lists filter by. Each has an index over its place in the JSON, so 10,000 orders list as fast as ten. */
const FILTERS = [
  "charge",
  "customer",
  "invoice",
  "lookup_key",
  "payment_intent",
  "product",
  "subscription",
  "type",
];

type Value = string | number | null;
type Row = Record<string, string | number | bigint | Uint8Array | null>;

export interface Filter {
  /** A path in the object's JSON, such as `customer.email`; or `delivered`, which only events know. */
  field: string;
  is: "=" | ">" | ">=" | "<" | "<=" | "in" | "like" | "!=";
  value: string | number | readonly string[];
}

export interface Page {
  limit: number;
  after?: string;
  before?: string;
}

export class Store {
  readonly db: DatabaseSync;
  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();

  constructor(dataDir?: string) {
    if (dataDir) mkdirSync(dataDir, { recursive: true });
    this.db = new DatabaseSync(dataDir ? join(dataDir, "sandbox.sqlite") : ":memory:");
    // WAL with NORMAL keeps every commit through a killed process; only a power cut may lose the last ones.
    this.db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000");
    this.db.exec(SCHEMA);
    for (const field of FILTERS) {
      const path = `json_extract(body, '$.${field}')`;
      this.db.exec(
        `CREATE INDEX IF NOT EXISTS object_by_${field} ON object (kind, ${path}, seq) WHERE ${path} IS NOT NULL`,
      );
    }
  }

  transaction<T>(work: () => T): T {
    this.db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.db.exec("COMMIT");
      return result;
    } catch (error) {
      this.db.exec("ROLLBACK");
      throw error;
    }
  }

  insert(object: Kinds[Kind]): void {
    const created = "created" in object ? object.created : 0;
    this.run(
      "INSERT INTO object (id, kind, created, body) VALUES (?, ?, ?, ?)",
      object.id,
      object.object,
      created,
      JSON.stringify(object),
    );
  }

  update(object: Kinds[Kind]): void {
    this.run("UPDATE object SET body = ? WHERE id = ?", JSON.stringify(object), object.id);
  }

  delete(id: string): void {
    this.run("UPDATE object SET deleted = 1 WHERE id = ?", id);
  }

  find<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
    return parsed(this.row("SELECT body FROM object WHERE id = ? AND kind = ? AND deleted = 0", id, kind));
  }

  findDeleted<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
    return parsed(this.row("SELECT body FROM object WHERE id = ? AND kind = ? AND deleted = 1", id, kind));
  }

  /** For expansion, where the id alone says what it is. */
  findAny(id: string): { object: Kinds[Kind]; deleted: boolean } | undefined {
    const row = this.row("SELECT body, deleted FROM object WHERE id = ?", id);
    const object = parsed<Kind>(row);
    return object && { object, deleted: row?.deleted === 1 };
  }

  /** Newest first. `page.after` and `page.before` are ids, resolved by the caller to exist. */
  list<K extends Kind>(kind: K, filters: readonly Filter[], page: Page): { data: Kinds[K][]; more: boolean } {
    const where = ["kind = ?", "deleted = 0"];
    const values: Value[] = [kind];
    for (const filter of filters) {
      const [condition, bound] = sqlOf(filter);
      where.push(condition);
      values.push(...bound);
    }
    if (page.after) {
      where.push("seq < (SELECT seq FROM object WHERE id = ?)");
      values.push(page.after);
    }
    if (page.before) {
      where.push("seq > (SELECT seq FROM object WHERE id = ?)");
      values.push(page.before);
    }
    const order = page.before ? "ASC" : "DESC";
    const sql = `SELECT body FROM object WHERE ${where.join(" AND ")} ORDER BY seq ${order} LIMIT ?`;
    const rows = this.rows(sql, ...values, page.limit + 1);
    const data = rows.slice(0, page.limit).flatMap((row) => parsed<K>(row) ?? []);
    return { data: page.before ? data.reverse() : data, more: rows.length > page.limit };
  }

  count(kind: Kind): number {
    return Number(this.row("SELECT count(*) AS n FROM object WHERE kind = ? AND deleted = 0", kind)?.n ?? 0);
  }

  note(id: string, name: string): string | undefined {
    return textOf(this.row("SELECT body FROM note WHERE id = ? AND name = ?", id, name)?.body);
  }

  setNote(id: string, name: string, body: string): void {
    this.run(
      "INSERT INTO note VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
      id,
      name,
      body,
    );
  }

  setting(name: string): string | undefined {
    return textOf(this.row("SELECT value FROM setting WHERE name = ?", name)?.value);
  }

  setSetting(name: string, value: string): void {
    this.run(
      "INSERT INTO setting VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
      name,
      value,
    );
  }

  run(sql: string, ...values: Value[]): number {
    return Number(this.#prepared(sql).run(...values).lastInsertRowid);
  }

  row(sql: string, ...values: Value[]): Row | undefined {
    return this.#prepared(sql).get(...values);
  }

  rows(sql: string, ...values: Value[]): Row[] {
    return this.#prepared(sql).all(...values);
  }

  close(): void {
    this.db.close();
  }

  #prepared(sql: string) {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function sqlOf(filter: Filter): [string, Value[]] {
  const path = `json_extract(body, '$.${filter.field}')`;
  if (typeof filter.value === "object") {
    return [`${path} IN (${filter.value.map(() => "?").join(", ")})`, [...filter.value]];
  }
  if (filter.field === "delivered") {
    const undelivered = "(SELECT event_id FROM delivery WHERE state <> 'succeeded')";
    return [`id ${filter.value === 1 ? "NOT IN" : "IN"} ${undelivered}`, []];
  }
  if (filter.field === "created") return [`created ${filter.is} ?`, [filter.value]];
  return [`${path} ${filter.is} ?`, [filter.value]];
}

// The text was written by insert() or update() from an object of this kind: what goes in is what comes out.
function parsed<K extends Kind>(row: Row | undefined): Kinds[K] | undefined {
  return row === undefined ? undefined : JSON.parse(String(row.body));
}

function textOf(value: Row[string] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
