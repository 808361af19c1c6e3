import { afterAll, beforeAll, expect, test } from "vitest";
import { removeOldRows } from "#/recovery/old-rows.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const idsOf = async (table: string, key = "id") =>
  (await app.rows<{ id: string }>(`select ${key} as id from "${table}" order by 1`)).map(({ id }) => id);

test("facts nobody's order has claimed in 90 days are let go, all of them, and claimed ones stay", async () => {
  const { orderId } = await app.order();
  await app.rows(
    `insert into stripe_link (stripe_id, order_id, facts, version, created_at)
     values ('pi_claimed', $1, '{}', 0, now() - interval '400 days'),
            ('pi_waits', null, '{}', 0, now() - interval '89 days')`,
    [orderId],
  );
  // More than one statement removes.
  await app.rows(
    `insert into stripe_link (stripe_id, facts, version, created_at)
     select 'pi_theirs_' || number, '{}', 0, now() - interval '91 days' from generate_series(1, 2500) as number`,
  );
  expect(await removeOldRows(app.engine)).toBe(2500);
  expect(await idsOf("stripe_link", "stripe_id")).toEqual(expect.arrayContaining(["pi_claimed", "pi_waits"]));
});
