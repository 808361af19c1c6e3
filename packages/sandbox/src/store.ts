import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Filter, type Place, pageSql, pathOf } from "./listing.ts";
import { narrowedBy, prepareSchema } from "./schema.ts";
import type { Kind, Kinds } from "./wire.ts";

type Value = string | number | null;
type Row = Record<string, string | number | bigint | Uint8Array | null>;

/** Longer lists than this are nobody's. */
const MOST_COUNTED = 1_000_000;

export interface Page {
  limit: number;
  after?: string;
  before?: string;
}

/** SQLite joins ten databases at most, and one snapshot is one of them. */
export const MOST_SNAPSHOTS = 8;

/** Everything the sandbox knows, in one SQLite file (or in memory); see `schema.ts`. */
export class Store {
  readonly db: DatabaseSync;
  /** Where the copies are, by the names of their snapshots. */
  readonly #copies = new Map<string, string>();
  readonly #statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>();

  constructor(dataDir?: string) {
    // Signing secrets and everything that was bought: nobody else on the machine reads them.
    if (dataDir) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    this.db = new DatabaseSync(dataDir ? join(dataDir, "sandbox.sqlite") : ":memory:");
    // In memory SQLite goes through all pages at every commit (11,000 sessions: 116 µs, 28 µs with four times larger ones).
    if (!dataDir) this.db.exec("PRAGMA page_size = 16384");
    // WAL with NORMAL keeps every commit through a killed process; only a power cut may lose the last ones.
    this.db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000");
    // Random ids touch pages all over the file: with 10,000 orders, writing them back every 4 MB took a fifth of the time.
    this.db.exec("PRAGMA wal_autocheckpoint = 10000; PRAGMA cache_size = -65536");
    prepareSchema(this.db);
  }

  transaction<T>(work: () => T): T {
    this.run("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.run("COMMIT");
      return result;
    } catch (error) {
      // Where the disk is full SQLite has taken everything back by itself.
      if (this.db.isTransaction) this.db.exec("ROLLBACK");
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
    const sql =
      "INSERT INTO object (id, kind, created, body, field_1, field_2, field_3, field_4, field_5) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
    const own = [object.id, object.object, created, JSON.stringify(object)] as const;
    const values = [...own, ...narrowedBy(object)];
    if (this.#changed(sql, ...values) > 0) return;
    // What was deleted keeps its row for those who still refer to it, and leaves its id to a successor.
    this.run("UPDATE object SET id = id || '#' || seq WHERE id = ? AND deleted = 1", object.id);
    if (this.#changed(sql, ...values) === 0) throw new Error(`there is a ${object.id} already`);
  }

  update(object: Kinds[Kind]): void {
    const sql =
      "UPDATE object SET body = ?, field_1 = ?, field_2 = ?, field_3 = ?, field_4 = ?, field_5 = ? WHERE id = ?";
    this.run(sql, JSON.stringify(object), ...narrowedBy(object), object.id);
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
    const { limit, after, before } = page;
    const { sql, values } = pageSql(kind, filters, {
      limit: limit + 1,
      after: after === undefined ? undefined : this.#placeOf(after),
      before: before === undefined ? undefined : this.#placeOf(before),
    });
    const rows = this.rows(sql, ...values);
    const data = rows.slice(0, limit).flatMap((row) => parsed<K>(row) ?? []);
    return { data: before ? data.reverse() : data, more: rows.length > limit };
  }

  #placeOf(id: string): Place {
    const row = this.row("SELECT created, seq FROM object WHERE id = ?", id);
    return { created: Number(row?.created ?? 0), seq: Number(row?.seq ?? 0) };
  }

  countOf(kind: Kind, filters: readonly Filter[]): number {
    const { sql, values } = pageSql(kind, filters, { limit: MOST_COUNTED });
    return Number(this.row(`SELECT count(*) AS n FROM (${sql})`, ...values)?.n ?? 0);
  }

  /** The values that a narrowing field has, each once: as many steps in its index as there are values. */
  valuesOf(kind: Kind, field: string): string[] {
    const path = pathOf(kind, field);
    const next = (beyond: string) =>
      `SELECT min(${path}) FROM object WHERE kind = '${kind}' AND deleted = 0 AND ${path} ${beyond}`;
    const sql = `WITH RECURSIVE one(value) AS (${next("IS NOT NULL")} UNION ALL SELECT (${next("> value")}) FROM one WHERE value IS NOT NULL) SELECT value FROM one WHERE value IS NOT NULL`;
    return this.rows(sql).map(({ value }) => String(value));
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

  #changed(sql: string, ...values: Value[]): number {
    return Number(this.#prepared(sql).run(...values).changes);
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

  /** Keeps all state as it is now under a name, for as long as the process runs; false where there are too many. */
  snapshot(name: string): boolean {
    if (!this.#copies.has(name) && this.#copies.size >= MOST_SNAPSHOTS) return false;
    const tables = this.#tables();
    const copy = `copy_${this.#copies.size}`;
    if (!this.#copies.has(name)) {
      this.db.exec(`ATTACH ':memory:' AS ${copy}`);
      this.#copies.set(name, copy);
    }
    const into = this.#copies.get(name) ?? copy;
    this.transaction(() => {
      for (const table of tables) {
        this.db.exec(`DROP TABLE IF EXISTS ${into}.kept_${table}`);
        this.db.exec(`CREATE TABLE ${into}.kept_${table} AS SELECT * FROM main.${table}`);
      }
    });
    return true;
  }

  /** Puts everything back as it was; false where nothing was kept under this name. */
  restore(name: string): boolean {
    const from = this.#copies.get(name);
    if (from === undefined) return false;
    this.transaction(() => {
      for (const table of this.#tables()) {
        this.db.exec(`DELETE FROM main.${table}`);
        this.db.exec(`INSERT INTO main.${table} SELECT * FROM ${from}.kept_${table}`);
      }
    });
    return true;
  }

  #tables(): string[] {
    const sql = "SELECT name FROM main.sqlite_master WHERE type = 'table'";
    return this.db
      .prepare(sql)
      .all()
      .map(({ name }) => String(name));
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

// The text was written by insert() or update() from an object of this kind: what goes in is what comes out.
function parsed<K extends Kind>(row: Row | undefined): Kinds[K] | undefined {
  return row === undefined ? undefined : JSON.parse(String(row.body));
}

function textOf(value: Row[string] | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
