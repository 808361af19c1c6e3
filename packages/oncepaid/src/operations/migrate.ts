import { connect } from "#/database/database.ts";
import { applyMigrations } from "#/database/migrator.ts";
import { migrateQueues } from "#/outbox/boss.ts";

/**
 * Brings the database to the newest schema, the queues' included, those of the app too. Safe to run on several machines at
 * once. Returns the names of the migrations it applied; throws the first error.
 */
export async function migrate(databaseUrl: string, appQueues: readonly string[]): Promise<string[]> {
  const { db } = connect(databaseUrl, 1);
  try {
    const applied = await applyMigrations(db);
    await migrateQueues(databaseUrl, appQueues);
    return applied;
  } finally {
    await db.destroy();
  }
}
