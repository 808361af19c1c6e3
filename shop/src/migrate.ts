import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { migrate as migrateEngine } from "oncepaid/operations";
import { connectAccounts, ENGINE_SCHEMA, SCHEMA } from "#/database.ts";
import { QUEUES } from "#/mails/mail.ts";
import { moveOldTables } from "#/upgrade.ts";

const FOLDER = join(import.meta.dirname, "..", "migrations");

/**
 * Brings a database to the newest schema: one of a version before the schemas were parted is moved first, then the shop's own tables,
 * then the engine's. Safe to run on several machines at once. Returns the names of the migrations it applied.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const { pool, db } = connectAccounts(databaseUrl, 1);
  try {
    await moveOldTables(pool);
    const { error, results = [] } = await new Migrator({
      db,
      provider: { getMigrations: readMigrations },
      migrationTableSchema: SCHEMA,
      migrationTableName: "migration",
      migrationLockTableName: "migration_lock",
    }).migrateToLatest();
    if (error) throw error;
    const engine = await migrateEngine({ database: databaseUrl, schema: ENGINE_SCHEMA }, QUEUES);
    return [...results.map((result) => result.migrationName), ...engine];
  } finally {
    await db.destroy();
  }
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith(".sql")).sort();
  const migrations: Record<string, Migration> = {};
  for (const file of files) {
    const text = await readFile(join(FOLDER, file), "utf8");
    migrations[file.replace(/\.sql$/, "")] = { up: async (db) => void (await sql.raw(text).execute(db)) };
  }
  return migrations;
}
