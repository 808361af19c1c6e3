import { sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import type { Database } from "#/database/database.ts";
import { MIGRATIONS } from "#/database/migrations.ts";

/** Applies what is missing; the migrator holds a lock in the database, so several machines may do so at once. Names of what it applied. */
export async function applyMigrations(db: Database["db"]): Promise<string[]> {
  const { error, results = [] } = await migrator(db).migrateToLatest();
  if (error) throw error;
  return results.map((result) => result.migrationName);
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
