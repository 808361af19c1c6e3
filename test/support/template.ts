import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "oncepaid/failure";
import { migrate } from "../../shop/src/migrate.ts";
import { databaseUrl, dropDatabase, query } from "./database.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const MIGRATIONS = [join(ROOT, "packages", "oncepaid", "migrations"), join(ROOT, "shop", "migrations")];
/** What else the template depends on: the queues, and which pg-boss made them. */
const QUEUES = [
  join(ROOT, "packages", "oncepaid", "src", "outbox", "queues.ts"),
  join(ROOT, "node_modules", "pg-boss", "package.json"),
];
/** `duplicate_database`, also for a rename. */
const DUPLICATE_DATABASE = "42P04";

/**
 * The migrated database that each test's own is copied from, named after the migrations in it. It gets the name only
 * when it is complete, so an interrupted run leaves nothing that a later one would take for it.
 */
export async function prepareTemplate(serverUrl: string): Promise<string> {
  const template = `oncepaid_template_${fingerprint()}`;
  const unfinished = `oncepaid_unfinished_${process.pid}`;
  await dropDatabase(serverUrl, unfinished);
  await query(serverUrl, `create database ${unfinished}`);
  await migrate(databaseUrl(serverUrl, unfinished));
  try {
    await query(serverUrl, `alter database ${unfinished} rename to ${template}`);
  } catch (error) {
    if (codeOf(error) !== DUPLICATE_DATABASE) throw error;
    await query(serverUrl, `drop database ${unfinished}`);
  }
  return template;
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const folder of MIGRATIONS) {
    for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  }
  for (const file of QUEUES) hash.update(readFileSync(file));
  return hash.digest("hex").slice(0, 12);
}
