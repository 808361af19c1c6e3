import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { PgBoss } from "pg-boss";
import { createEmptyDatabase, type TestDatabase } from "../support/database.ts";
import { loadOldData, type OldData } from "./load.ts";

const MIGRATIONS = join(import.meta.dirname, "before");

export function oldData(): OldData {
  return JSON.parse(readFileSync(join(import.meta.dirname, "old-data.json"), "utf8"));
}

/** A database as the version before the schemas were parted left it, with every kind of purchase and work that waits. */
export async function createOldDatabase(data: OldData): Promise<TestDatabase> {
  const database = await createEmptyDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(
      `create table kysely_migration (name varchar(255) not null primary key, "timestamp" varchar(255) not null);
       create table kysely_migration_lock (id varchar(255) not null primary key, is_locked integer default 0 not null)`,
    );
    for (const file of readdirSync(MIGRATIONS).sort()) {
      await client.query(readFileSync(join(MIGRATIONS, file), "utf8"));
    }
    const boss = new PgBoss({
      connectionString: database.url,
      schema: "pgboss",
      max: 1,
      supervise: false,
      schedule: false,
    });
    await boss.start();
    await boss.stop({ graceful: false });
    await loadOldData(client, data);
  } finally {
    await client.end();
  }
  return database;
}
