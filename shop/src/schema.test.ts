import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { getMigrations } from "better-auth/db/migration";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, direct, type TestDatabase } from "../../test/support/database.ts";
import { ROOT } from "../embedded/places.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    STRIPE_SECRET_KEY: "sk_test_schema",
    STRIPE_WEBHOOK_SECRET: "whsec_schema",
    AUTH_SECRET: "a-secret-for-tests-of-32-characters",
  });
});
afterAll(() => database.drop());

test("the row types are those of the migrated database", async () => {
  const codegen = join(ROOT, "node_modules", "kysely-codegen", "dist", "cli", "bin.js");
  const run = promisify(execFile)(
    process.execPath,
    [codegen, "--config-file", ".kysely-codegenrc.json", "--verify"],
    { cwd: join(ROOT, "packages", "oncepaid"), env: { ...process.env, DATABASE_URL: database.url } },
  );
  await expect(run).resolves.toBeDefined();
});

test("better-auth finds every table and column it needs", async () => {
  const { auth } = await import("#/accounts/auth.ts");
  // It looks where its connection looks first, and the shop's own connections name the schema in each statement. A pooler lets nobody say so.
  const connectionString = direct(database.url);
  const pool = new pg.Pool({ connectionString, max: 1, options: "-c search_path=shop" });
  const db = new Kysely<object>({ dialect: new PostgresDialect({ pool }) });
  const { toBeCreated, toBeAdded } = await getMigrations({
    ...(await auth()).options,
    database: { db, type: "postgres" },
  });
  await db.destroy();
  expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
});
