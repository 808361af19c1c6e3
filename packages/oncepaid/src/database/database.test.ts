import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";

let app: TestApi;
let db: typeof import("#/database/database.ts");
beforeAll(async () => {
  app = await startApi();
  db = await import("#/database/database.ts");
});
afterAll(() => app.close());

test("a connection that breaks between two statements of a transaction fails that transaction, not the process", async () => {
  const broken = db.inTransaction(app.engine.database, async (client) => {
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    const ended = new Promise<void>((resolve) => client.once("end", resolve));
    await app.rows("select pg_terminate_backend($1)", [rows[0]?.pid]);
    await ended;
    await client.query("select 1");
  });
  await expect(broken).rejects.toThrow();
  expect(
    await db.inTransaction(
      app.engine.database,
      async (client) => (await client.query("select 1 as one")).rows,
    ),
  ).toEqual([{ one: 1 }]);
});
