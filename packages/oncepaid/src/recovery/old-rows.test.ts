import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { removeOldRows } from "#/recovery/old-rows.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { completed, event, type Payment, sessionObject } from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi({ RETENTION_UNPAID_ORDERS_DAYS: "40", RETENTION_PAYLOADS_DAYS: "50" });
});
afterAll(() => app.close());

const idsOf = async (table: string, key = "id") =>
  (await app.rows<{ id: string }>(`select ${key} as id from "${table}" order by 1`)).map(({ id }) => id);

/** As if it had been made then: an order's id tells when. The oldest come first, because ids never go back. */
async function orderedDaysAgo(days: number): Promise<Payment> {
  const then = Date.now() - days * 86_400_000;
  const now = vi.spyOn(Date, "now").mockImplementation(() => then);
  try {
    return await app.order();
  } finally {
    now.mockRestore();
  }
}
const expired = (payment: Payment) =>
  event("checkout.session.expired", sessionObject(payment, { status: "expired", payment_status: "unpaid" }));

test("what was never paid is gone after the time it is kept, with all that told of it; whatever else there is stays", async () => {
  const gone = await orderedDaysAgo(90);
  const paid = await orderedDaysAgo(90);
  const open = await orderedDaysAgo(90);
  const looked = await orderedDaysAgo(90);
  const young = await orderedDaysAgo(35);
  for (const payment of [gone, looked, young]) await app.deliver(expired(payment));
  await app.deliver(completed(paid));
  await app.rows("update stripe_event set outcome = 'quarantined' where order_id = $1", [looked.orderId]);
  expect(await removeOldRows(app.engine)).toBe(1);
  expect(await idsOf("order")).toEqual([paid, open, looked, young].map(({ orderId }) => orderId).sort());
  for (const table of ["order_item", "checkout_attempt", "order_change", "stripe_event"]) {
    expect(await app.rows(`select from ${table} where order_id = $1`, [gone.orderId])).toEqual([]);
  }
});

test("payloads of applied events go after the time they are kept, and the event is still known", async () => {
  const [old, young] = [await app.order(), await app.order()];
  const events = [completed(old), completed(young)];
  for (const one of events) await app.deliver(one);
  await app.rows("update stripe_event set received_at = now() - interval '51 days' where id = $1", [
    events[0]?.id,
  ]);
  await app.rows(
    "update stripe_event set received_at = now() - interval '51 days' where outcome = 'quarantined'",
  );
  expect(await removeOldRows(app.engine)).toBe(1);
  expect(await removeOldRows(app.engine)).toBe(0);
  const kept = await app.rows<{ id: string; size: number }>(
    "select id, length(payload::text) as size from stripe_event where id = any($1) or outcome = 'quarantined' order by size",
    [events.map(({ id }) => id)],
  );
  expect(kept.map(({ size }) => size < 30)).toEqual([true, false, false]);
  expect(kept[0]?.id).toBe(events[0]?.id);
  expect((await app.deliver(events[0] ?? completed(old))).json).toMatchObject({ outcome: "duplicate" });
});

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
