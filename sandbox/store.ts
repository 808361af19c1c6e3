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
CREATE INDEX IF NOT EXISTS object_alive ON object (kind) WHERE deleted = 0;
CREATE TABLE IF NOT EXISTS note (id TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (id, name));
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS timer (
  id INTEGER PRIMARY KEY AUTOINCREMENT, due_at INTEGER NOT NULL, name TEXT NOT NULL, subject TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS timer_by_due ON timer (due_at, id);
CREATE TABLE IF NOT EXISTS clock_timer (
  id INTEGER PRIMARY KEY AUTOINCREMENT, clock TEXT NOT NULL, due_at INTEGER NOT NULL, name TEXT NOT NULL,
  subject TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS clock_timer_by_due ON clock_timer (clock, due_at, id);
CREATE TABLE IF NOT EXISTS idempotency (
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, route TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  request_id TEXT NOT NULL, created INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS idempotency_by_age ON idempotency (created);
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL, endpoint_id TEXT NOT NULL, state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER, UNIQUE (event_id, endpoint_id));
CREATE INDEX IF NOT EXISTS delivery_open ON delivery (event_id) WHERE state <> 'succeeded';
CREATE TABLE IF NOT EXISTS attempt (
  id INTEGER PRIMARY KEY AUTOINCREMENT, delivery_id INTEGER NOT NULL, at INTEGER NOT NULL, manual INTEGER NOT NULL,
  status INTEGER, error TEXT, milliseconds INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS attempt_by_delivery ON attempt (delivery_id, id);
CREATE TABLE IF NOT EXISTS fault (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
`;

/**
 * Columns that came later: a folder of an older sandbox gets them when it is opened. `place` is a delivery's place in
 * its endpoint's line, `lane` names what its event belongs to; `pending` and `body` make an attempt's request readable
 * again without keeping a second copy of each event.
 */
const LATER: Record<string, Record<string, string>> = {
  delivery: { lane: "TEXT NOT NULL DEFAULT ''", place: "INTEGER", twin: "INTEGER NOT NULL DEFAULT 0" },
  attempt: {
    fault: "TEXT",
    signature: "TEXT",
    pending: "INTEGER",
    body: "TEXT",
    response_headers: "TEXT",
    response_body: "TEXT",
  },
};

const LATER_INDEXES = `
DROP INDEX IF EXISTS delivery_first;
DROP INDEX IF EXISTS delivery_again;
UPDATE delivery SET state = 'waiting' WHERE state = 'pending' AND attempts > 0;
UPDATE delivery SET place = id WHERE place IS NULL;
CREATE INDEX IF NOT EXISTS delivery_line ON delivery (endpoint_id, place) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS delivery_waiting ON delivery (next_at, id) WHERE state = 'waiting';
`;

/** Fields that lists filter by. Each has an index over its place in the JSON, so 10,000 orders list as fast as ten. */
const FILTERS = [
  "charge",
  "customer",
  "data.object.id",
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
  value: string | number | readonly string[] | null;
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
    // Random ids touch pages all over the file: with 10,000 orders, writing them back every 4 MB took a fifth of the time.
    this.db.exec("PRAGMA wal_autocheckpoint = 10000; PRAGMA cache_size = -65536");
    this.db.exec(SCHEMA);
    for (const [table, columns] of Object.entries(LATER)) this.#complete(table, columns);
    this.db.exec(LATER_INDEXES);
    for (const field of FILTERS) {
      const path = `json_extract(body, '$.${field}')`;
      this.db.exec(
        `CREATE INDEX IF NOT EXISTS object_by_${field.replaceAll(".", "_")} ON object (kind, ${path}, seq) WHERE ${path} IS NOT NULL`,
      );
    }
  }

  #complete(table: string, columns: Record<string, string>): void {
    const known = this.db
      .prepare(`PRAGMA table_info(${table})`)
      .all()
      .map(({ name }) => name);
    for (const [name, type] of Object.entries(columns)) {
      if (!known.includes(name)) this.db.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
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

  /** Does something inside the running transaction, keeps what it returns and takes back all it did. */
  tried<T>(work: () => T): T {
    this.db.exec("SAVEPOINT tried");
    try {
      return work();
    } finally {
      this.db.exec("ROLLBACK TO tried; RELEASE tried");
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

  /** Forgets everything but the endpoints and their secrets. */
  empty(): void {
    const endpoints = "SELECT id FROM object WHERE kind = 'webhook_endpoint' AND deleted = 0";
    this.transaction(() => {
      for (const { name } of this.db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()) {
        if (name === "object" || name === "note") continue;
        // `sqlite_sequence` too: numbers start anew, and with them what a seed decides by them.
        if (typeof name === "string") this.db.exec(`DELETE FROM ${name}`);
      }
      this.db.exec(`DELETE FROM note WHERE id NOT IN (${endpoints})`);
      this.db.exec(`DELETE FROM object WHERE id NOT IN (${endpoints})`);
    });
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
  if (filter.value === null) return [`${path} IS ${filter.is === "=" ? "" : "NOT "}NULL`, []];
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
