import type { DatabaseSync } from "node:sqlite";
import { isJson, type Kind, type Kinds } from "./wire.ts";

/**
 * All state, in one SQLite file (or in memory). Objects are kept as the JSON that is sent; `seq` is their order of
 * birth, which `created` in whole seconds can't give. `note` holds what the sandbox must know about an object and
 * Stripe never shows: the outcome of a test card, the lines of a session, the secret of an endpoint. `undelivered` are
 * the events that some endpoint hasn't accepted, `usage` what meters were told. `field_1` and on are what lists of the
 * object's kind are narrowed by.
 */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS object (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
  created INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL,
  field_1, field_2, field_3, field_4, field_5);
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
CREATE TABLE IF NOT EXISTS undelivered (
  created INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (created, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS usage (
  id INTEGER PRIMARY KEY AUTOINCREMENT, identifier TEXT NOT NULL UNIQUE, event_name TEXT NOT NULL, customer TEXT NOT NULL,
  at INTEGER NOT NULL, value REAL NOT NULL);
CREATE INDEX IF NOT EXISTS usage_of_customer ON usage (event_name, customer, at);
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
  object: { field_1: "", field_2: "", field_3: "", field_4: "", field_5: "" },
};

const UPGRADE = `
DROP INDEX IF EXISTS delivery_first;
DROP INDEX IF EXISTS delivery_again;
UPDATE delivery SET state = 'waiting' WHERE state = 'pending' AND attempts > 0;
UPDATE delivery SET place = id WHERE place IS NULL;
CREATE INDEX IF NOT EXISTS delivery_line ON delivery (endpoint_id, place) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS delivery_waiting ON delivery (next_at, id) WHERE state = 'waiting';
INSERT OR IGNORE INTO undelivered
  SELECT object.created, object.seq FROM delivery JOIN object ON object.id = delivery.event_id
  WHERE delivery.state <> 'succeeded';
`;

/** Lists are in this order: newest first, and what was born in the same second by its order of birth. */
const IN_ORDER = "CREATE INDEX IF NOT EXISTS object_in_order ON object (kind, created) WHERE deleted = 0";

/**
 * The fields of each kind that lists are narrowed by, in the order of their columns. Each column has an index in the lists' order, so a
 * page of 50,000 is found as fast as a page of ten. It is one for all kinds: an index for each field of each kind cost every new object
 * more than all else that is written, since a row is held against the condition of every index of its table.
 */
const NARROWED_BY: { [kind in Kind]?: readonly string[] } = {
  balance_transaction: ["source"],
  charge: ["customer", "payment_intent"],
  "checkout.session": ["customer", "customer_details.email", "payment_intent", "status", "subscription"],
  customer: ["email", "test_clock"],
  customer_balance_transaction: ["customer"],
  customer_cash_balance_transaction: ["customer"],
  dispute: ["charge", "payment_intent"],
  event: ["data.object.id", "type"],
  invoice: ["customer", "parent.subscription_details.subscription", "status"],
  invoice_payment: ["invoice", "payment.payment_intent"],
  invoiceitem: ["customer", "invoice"],
  payment_intent: ["customer"],
  payment_method: ["customer"],
  price: ["lookup_key", "product"],
  "radar.early_fraud_warning": ["charge"],
  quote: ["customer", "status", "test_clock"],
  refund: ["charge", "payment_intent"],
  setup_intent: ["customer"],
  subscription: ["customer", "status", "test_clock"],
  tax_id: ["customer"],
};

const COLUMNS = ["field_1", "field_2", "field_3", "field_4", "field_5"] as const;

/** Counts what `prepareSchema` does: a folder that has had all of it is opened as it is. */
const VERSION = 4;

/** Makes the tables and indexes, and brings a folder of an older sandbox up to date. */
export function prepareSchema(db: DatabaseSync): void {
  if (db.prepare("PRAGMA user_version").get()?.user_version === VERSION) return;
  db.exec("BEGIN IMMEDIATE");
  db.exec(SCHEMA);
  for (const [table, columns] of Object.entries(LATER)) complete(db, table, columns);
  db.exec(UPGRADE);
  const indexes =
    "SELECT name FROM sqlite_master WHERE type = 'index' AND name LIKE 'object\\_%' ESCAPE '\\'";
  for (const { name } of db.prepare(indexes).all()) db.exec(`DROP INDEX "${name}"`);
  if (db.prepare("SELECT 1 FROM object LIMIT 1").get()) fillColumns(db);
  db.exec(IN_ORDER);
  for (const column of COLUMNS) {
    const where = `deleted = 0 AND ${column} IS NOT NULL`;
    db.exec(`CREATE INDEX ${indexName(column)} ON object (kind, ${column}, created) WHERE ${where}`);
  }
  db.exec(`PRAGMA user_version = ${VERSION}; COMMIT`);
}

/** The column with one of the fields that lists of this kind are narrowed by; undefined for any other field. */
export function columnOf(kind: Kind, field: string): string | undefined {
  const place = NARROWED_BY[kind]?.indexOf(field) ?? -1;
  return COLUMNS[place];
}

export const indexName = (column: string) => `object_by_${column}`;

/** What stands in an object's columns, each in its place. */
export function narrowedBy(object: Kinds[Kind]): (string | number | null)[] {
  const fields = NARROWED_BY[object.object] ?? [];
  return COLUMNS.map((_, place) => {
    let value: unknown = object;
    for (const name of fields[place]?.split(".") ?? []) value = isJson(value) ? value[name] : null;
    return typeof value === "string" || typeof value === "number" ? value : null;
  });
}

/** Of the objects of an older sandbox, whose fields stand in their JSON alone. */
function fillColumns(db: DatabaseSync): void {
  for (const [kind, fields] of Object.entries(NARROWED_BY)) {
    const values = fields.map((field, place) => `${COLUMNS[place]} = json_extract(body, '$.${field}')`);
    db.exec(`UPDATE object SET ${values.join(", ")} WHERE kind = '${kind}'`);
  }
}

function complete(db: DatabaseSync, table: string, columns: Record<string, string>): void {
  const known = db
    .prepare(`PRAGMA table_info(${table})`)
    .all()
    .map(({ name }) => name);
  for (const [name, type] of Object.entries(columns)) {
    if (!known.includes(name)) db.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
  }
}
