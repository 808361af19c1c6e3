import { sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { connect, type Database } from "#/database/database.ts";
import { MIGRATIONS } from "#/database/migrations.ts";
import { migrateQueues } from "#/outbox/boss.ts";

/**
 * Brings the database to the newest schema, the queues' included; safe to run on several machines at once, because the migrator holds a
 * lock in the database. Returns the names of the migrations it applied; throws the first error.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const { db } = connect(databaseUrl, 1);
  try {
    const { error, results = [] } = await migrator(db).migrateToLatest();
    if (error) throw error;
    await migrateQueues(databaseUrl);
    return results.map((result) => result.migrationName);
  } finally {
    await db.destroy();
  }
}

/** The migrations this code needs and the database lacks. */
export async function pendingMigrations(db: Database["db"]): Promise<string[]> {
  const migrations = await migrator(db).getMigrations();
  return migrations.filter((migration) => !migration.executedAt).map((migration) => migration.name);
}

function migrator(db: Database["db"]): Migrator {
  return new Migrator({ db, provider: { getMigrations: readMigrations } });
}

async function readMigrations(): Promise<Record<string, Migration>> {
  return Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, text]): [string, Migration] => [
      name,
      { up: async (db) => void (await sql.raw(text).execute(db)) },
    ]),
  );
}
