import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { chargeRefunded, completed, type Payment } from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

async function entitlementOf({ orderId }: Payment) {
  const [row] = await app.rows<{ id: string; state: string; reason: string | null }>(
    "select id, state, reason from entitlement where order_id = $1",
    [orderId],
  );
  if (!row) throw new Error(`Order ${orderId} has no entitlement.`);
  return row;
}

async function bought() {
  const payment = await app.order();
  await app.deliver(completed(payment));
  return { payment, ...(await entitlementOf(payment)) };
}

test("an operator ends access at once, no later event gives it back, and an operator restores it", async () => {
  const { payment, id } = await bought();
  expect(await app.post(`/api/admin/entitlements/${id}/end`, {}, app.asServer)).toMatchObject({
    status: 200,
    json: { access: "ended" },
  });
  expect(await entitlementOf(payment)).toMatchObject({ state: "ended", reason: "operator" });
  await app.deliver(completed(payment));
  await app.deliver(chargeRefunded(payment, 100));
  expect(await entitlementOf(payment)).toMatchObject({ state: "ended", reason: "operator" });
  await app.post(`/api/admin/entitlements/${id}/restore`, {}, app.asServer);
  expect(await entitlementOf(payment)).toMatchObject({ state: "active", reason: null });
});

test("restoring doesn't undo a refund", async () => {
  const { payment, id } = await bought();
  await app.deliver(chargeRefunded(payment, 1900));
  await app.post(`/api/admin/entitlements/${id}/restore`, {}, app.asServer);
  expect(await entitlementOf(payment)).toMatchObject({ state: "ended", reason: "refunded" });
});

test("the timeline and the explanation tell who ended it", async () => {
  const { payment, id } = await bought();
  await app.post(`/api/admin/entitlements/${id}/end`, {}, app.asServer);
  const { json } = await app.get(`/api/admin/orders/${payment.orderId}`, app.asServer);
  expect(JSON.stringify(json.timeline)).toContain('"actor":"an API key"');
  const [order] = await app.rows<{ user_id: string }>(`select user_id from "order" where id = $1`, [
    payment.orderId,
  ]);
  const why = await app.get(
    `/api/entitlements/explain?userId=${order?.user_id}&productKey=ebook`,
    app.asServer,
  );
  expect(why.json).toMatchObject({ access: false, because: expect.stringContaining("a person of the shop") });
});

test.each(["nonsense", "01890000-0000-7000-8000-000000000000"])(
  "there is nothing to end under %s",
  async (id) => {
    expect(await app.post(`/api/admin/entitlements/${id}/end`, {}, app.asServer)).toMatchObject({
      status: 404,
      json: { code: "not_found" },
    });
  },
);
