import { databaseOn, openPool } from "#/database/database.ts";
import { applyMigrations } from "#/database/migrator.ts";
import { migrateQueues } from "#/outbox/boss.ts";

/** Where a database is, and which of its schemas are the engine's. */
export type Ground = { databaseUrl: string; schema: string };

/**
 * Brings the engine's schema to its newest shape, the queues' included, those of the app too; nothing outside of its two schemas is
 * read or changed. Safe to run on several machines at once. Returns the names of the migrations it applied; throws the first error.
 */
export async function migrate(
  { databaseUrl, schema }: Ground,
  appQueues: readonly string[],
): Promise<string[]> {
  const pool = openPool(databaseUrl, 1);
  try {
    const applied = await applyMigrations(databaseOn(pool, schema));
    await migrateQueues({ databaseUrl, schema }, appQueues);
    return applied;
  } finally {
    await pool.end();
  }
}
