import { sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { type Database, inSchema } from "#/database/database.ts";
import { MIGRATIONS } from "#/database/migrations.ts";

/** Applies what is missing; the migrator holds a lock in the database, so several machines may do so at once. Names of what it applied. */
export async function applyMigrations(database: Database): Promise<string[]> {
  const { error, results = [] } = await migrator(database).migrateToLatest();
  if (error) throw error;
  return results.map((result) => result.migrationName);
}

/** The migrations this code needs and the database lacks. */
export async function pendingMigrations(database: Database): Promise<string[]> {
  const migrations = await migrator(database).getMigrations();
  return migrations.filter((migration) => !migration.executedAt).map((migration) => migration.name);
}

function migrator({ db, schema }: Database): Migrator {
  return new Migrator({
    db: db.withoutPlugins(),
    provider: { getMigrations: async () => migrationsFor(schema) },
    migrationTableSchema: schema,
    migrationTableName: "migration",
    migrationLockTableName: "migration_lock",
  });
}

function migrationsFor(schema: string): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, text]): [string, Migration] => [
      name,
      { up: async (db) => void (await sql.raw(inSchema(text, schema)).execute(db)) },
    ]),
  );
}
