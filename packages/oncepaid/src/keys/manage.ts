import { createHash, randomBytes } from "node:crypto";
import type { Selectable } from "kysely";
import { validate as isUuid, v7 as uuidv7 } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { type By, type Scope, scopesOf, THE_APP } from "#/caller.ts";
import { inTransaction } from "#/database/database.ts";
import { isUniqueViolation } from "#/database/errors.ts";
import type { ApiKey as Row } from "#/database/schema.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";

/** Keys of the app's other servers that people make and revoke, beside those of the settings. */

/** How each begins, so that people and programs that look for leaked secrets know one when they see it. */
export const KEY_PREFIX = "opk_";
const KEY_BYTES = 32;
const ENDING_LENGTH = 4;
const NAME_LENGTH = 60;

/** A key as it is shown: never itself. Times are ISO 8601 in UTC. */
export type ApiKey = {
  id: string;
  /** Timelines name who did something by it. */
  name: string;
  /** Its last four characters, to tell it by. */
  ending: string;
  scopes: Scope[];
  createdAt: string;
  createdBy: string;
  /** To the minute; null while it was never used. */
  lastUsedAt: string | null;
  revokedAt: string | null;
  revokedBy: string | null;
};

/** `by` is who makes it. */
export type NewKey = By & { name: string; scopes: readonly Scope[] };

/** `key` is shown this once: only its SHA-256 is kept. */
export type KeyMade = { ok: true; key: string; apiKey: ApiKey };

export async function createKey(
  engine: Engine,
  { name, scopes, by = THE_APP }: NewKey,
): Promise<KeyMade | Failure> {
  const problem = problemOf(name.trim(), scopes);
  if (problem) return problem;
  const key = `${KEY_PREFIX}${randomBytes(KEY_BYTES).toString("hex")}`;
  const row = { name: name.trim(), ending: key.slice(-ENDING_LENGTH), scopes: [...new Set(scopes)] };
  try {
    const made = await insertKey(engine, { ...row, digest: digestOf(key), by });
    engine.log.info({ key: made.id, name: row.name, scopes: row.scopes, by }, "API key made");
    return { ok: true, key, apiKey: view(made) };
  } catch (error) {
    if (isUniqueViolation(error, "api_key_name")) return taken(row.name);
    throw error;
  }
}

type KeyRow = Pick<ApiKey, "name" | "ending" | "scopes"> & { digest: Buffer; by: string };

function insertKey(engine: Engine, { digest, by, ...shown }: KeyRow): Promise<Selectable<Row>> {
  return inTransaction(engine.database, async (transaction) => {
    // oncepaid-review-ignore access-on-success-page: an owner makes or ends a key of a server; no purchase hangs on it
    const { rows } = await transaction.query<Selectable<Row>>(
      `insert into oncepaid.api_key (id, name, digest, ending, scopes, created_by) values ($1, $2, $3, $4, $5, $6) returning *`,
      [uuidv7(), shown.name, digest, shown.ending, shown.scopes, by],
    );
    const [made] = rows;
    if (!made) throw new Error("The key was not stored.");
    await writeAct(transaction, { by, what: "key.created", about: made.id, details: shown });
    return made;
  });
}

/** All that were ever made, the newest first. */
export async function listKeys({ database }: Engine): Promise<ApiKey[]> {
  const rows = await database.db.selectFrom("api_key").selectAll().orderBy("id", "desc").execute();
  return rows.map(view);
}

/** Opens nothing from the next request on. Once more for the same key changes nothing: who revoked it first stays. */
export async function revokeKey(
  engine: Engine,
  id: string,
  { by = THE_APP }: By,
): Promise<{ ok: true; apiKey: ApiKey } | Failure> {
  const unknown = failure("not_found", "There is no such API key.");
  if (!isUuid(id)) return unknown;
  const isNew = await inTransaction(engine.database, async (transaction) => {
    const { rows } = await transaction.query<{ name: string }>(
      "update oncepaid.api_key set revoked_at = now(), revoked_by = $2 where id = $1 and revoked_at is null returning name",
      [id, by],
    );
    for (const { name } of rows)
      await writeAct(transaction, { by, what: "key.revoked", about: id, details: { name } });
    return rows.length > 0;
  });
  const row = await engine.database.db
    .selectFrom("api_key")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row) return unknown;
  if (isNew) engine.log.info({ key: id, name: row.name, by }, "API key revoked");
  return { ok: true, apiKey: view(row) };
}

/** What is kept of a key. It is 256 random bits, so a fast hash is enough: there is nothing to guess. */
export function digestOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

function problemOf(name: string, scopes: readonly Scope[]): Failure | undefined {
  const wrong = (path: string, message: string) =>
    failure("invalid_request", `${path}: ${message}`, [{ path, message }]);
  if (name === "" || name.length > NAME_LENGTH || /\p{Cc}/u.test(name)) {
    return wrong("name", `A name has 1 to ${NAME_LENGTH} characters on one line.`);
  }
  if (scopes.length === 0) return wrong("scopes", "Name at least one scope.");
  return undefined;
}

function taken(name: string): Failure {
  const error = `There is a key called "${name}" already: take another name, or revoke that one first.`;
  return failure("name_taken", error);
}

function view(row: Selectable<Row>): ApiKey {
  return {
    id: row.id,
    name: row.name,
    ending: row.ending,
    scopes: scopesOf(row.scopes),
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedBy: row.revoked_by,
  };
}
