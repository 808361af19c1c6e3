import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "./database.ts";

const made: TestDatabase[] = [];

afterEach(async () => {
  await Promise.all(made.splice(0).map((database) => database.drop()));
});

async function migrations(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from oncepaid.migration");
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}

test("databases made at the same moment are each migrated and separate", async () => {
  made.push(...(await Promise.all(Array.from({ length: 6 }, () => createDatabase()))));
  expect(new Set(made.map(({ url }) => url)).size).toBe(6);
  for (const { url } of made) expect(await migrations(url)).toBeGreaterThan(0);
});

test("a dropped database is gone although somebody is still connected", async () => {
  const database = await createDatabase();
  const client = new pg.Client({ connectionString: database.url });
  client.on("error", () => undefined);
  await client.connect();
  await database.drop();
  await expect(migrations(database.url)).rejects.toThrow("does not exist");
});
