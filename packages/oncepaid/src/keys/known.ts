import { timingSafeEqual } from "node:crypto";
import { type Caller, scopesOf } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { digestOf, KEY_PREFIX } from "#/keys/manage.ts";

/** The server that has this key; undefined where there is no such key, or none any more. Notes that it was used. */
export async function serverWith(engine: Engine, key: string): Promise<Caller | undefined> {
  if (!key.startsWith(KEY_PREFIX)) return undefined;
  const digest = digestOf(key);
  // Found by its hash: how long that takes tells of the hash, of which no key can be made.
  const row = await engine.database.db
    .selectFrom("api_key")
    .select(["id", "name", "digest", "scopes", "last_used_at"])
    .where("digest", "=", digest)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (!row || !timingSafeEqual(row.digest, digest)) return undefined;
  await noteUse(engine, row.id, row.last_used_at);
  return { kind: "server", name: row.name, scopes: scopesOf(row.scopes) };
}

const NOTE_MS = 60_000;

/** At most once a minute, however many requests and processes there are: a key that is busy costs no write each time. */
async function noteUse({ database, log }: Engine, id: string, noted: Date | null): Promise<void> {
  const now = Date.now();
  if (noted && now - noted.getTime() < NOTE_MS) return;
  // A request isn't refused because this can't be written.
  await database
    .query(
      `update oncepaid.api_key set last_used_at = now()
        where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
      [id],
    )
    .catch((error: unknown) => log.warn({ err: error, key: id }, "use of an API key not noted"));
}
