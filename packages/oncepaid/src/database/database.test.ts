import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../../../shop/embedded/alive.ts";
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
    const { pid } = rows[0] ?? {};
    await app.rows("select pg_terminate_backend($1)", [pid]);
    await until(
      async () => (await app.rows("select from pg_stat_activity where pid = $1", [pid])).length === 0,
      20_000,
    );
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
