import { type Ground, openDatabase } from "#/database/database.ts";
import { applyMigrations } from "#/database/migrator.ts";
import { migrateQueues } from "#/outbox/boss.ts";

/**
 * Brings the engine's schema to its newest shape, the queues' included, those of the app too; nothing outside of its two schemas is
 * read or changed. Safe to run on several machines at once. Returns the names of the migrations it applied; throws the first error.
 *
 * @example
 * await migrate({ database: process.env.DATABASE_URL, schema: "oncepaid" }, ["mail"]);
 */
export async function migrate(ground: Ground, appQueues: readonly string[]): Promise<string[]> {
  const database = openDatabase(ground, 1);
  try {
    const applied = await applyMigrations(database);
    await migrateQueues(ground, appQueues);
    return applied;
  } finally {
    // An app's own pool goes on.
    if (typeof ground.database === "string") await database.pool.end();
  }
}
