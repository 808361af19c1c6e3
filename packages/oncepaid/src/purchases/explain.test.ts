import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  chargeRefunded,
  completed,
  event,
  type Payment,
  sessionObject,
  subscriptionObject,
} from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

async function explained(userId: string, productKey: string) {
  const path = `/api/entitlements/explain?userId=${userId}&productKey=${productKey}`;
  return (await app.get(path, app.asServer)).json;
}

async function lastChange({ orderId }: Payment) {
  const { json } = await app.get(`/api/admin/orders/${orderId}`, app.asServer);
  const changes = Array.isArray(json.timeline) ? json.timeline.filter(({ what }) => what === "changed") : [];
  return changes.at(-1);
}

const NOBODY = "nobody has paid it yet, or the payment is still on its way";

test("an order that waits for its payment gives nothing yet", async () => {
  const { orderId } = await app.order("ebook", { userId: "waits" });
  expect(await explained("waits", "ebook")).toEqual({
    userId: "waits",
    productKey: "ebook",
    access: false,
    because: `Has no access: of order ${orderId}, ${NOBODY}.`,
    grants: [],
    orders: [
      {
        id: orderId,
        status: "PENDING",
        amountTotal: 1900,
        amountRefunded: 0,
        amountLost: 0,
        currency: "usd",
        paidAt: null,
        entitlement: null,
        notGranted: [{ productKey: "ebook", why: "not_paid" }],
        place: null,
        refunds: [],
        disputes: [],
        subscriptions: [],
        because: NOBODY,
      },
    ],
  });
});

test("an order that is in use withholds nothing, and one that was given back says so", async () => {
  const payment = await app.order("ebook", { userId: "reads" });
  await app.deliver(completed(payment));
  expect(await explained("reads", "ebook")).toMatchObject({ access: true, orders: [{ notGranted: [] }] });
  await app.deliver(chargeRefunded(payment, 1900));
  expect(await explained("reads", "ebook")).toMatchObject({
    access: false,
    orders: [{ notGranted: [{ productKey: "ebook", why: "refunded" }] }],
  });
  const { after } = await lastChange(payment);
  expect(after).toMatchObject({ grants: [{ state: "ended", reason: "refunded" }] });
  expect(after).not.toHaveProperty("notGranted");
});

const failed = (payment: Payment) =>
  event("checkout.session.async_payment_failed", sessionObject(payment, { payment_status: "unpaid" }));
const expired = (payment: Payment) =>
  event("checkout.session.expired", sessionObject(payment, { status: "expired", payment_status: "unpaid" }));

test.each([
  ["payment_failed", failed, "its payment failed"],
  ["payment_expired", expired, "its payment page expired before anybody paid"],
])("an order whose payment came to nothing: %s", async (why, tell, because) => {
  const payment = await app.order("ebook", { userId: why });
  await app.deliver(tell(payment));
  expect(await explained(why, "ebook")).toMatchObject({
    because: `Has no access: of order ${payment.orderId}, ${because}.`,
    orders: [{ notGranted: [{ productKey: "ebook", why }] }],
  });
});

test("of two subscriptions to one plan the second isn't granted, and both the explanation and the timeline say why", async () => {
  const [first, second] = [
    await app.order("pro", { userId: "twice", cartId: "cart-first-plan" }),
    await app.order("pro", { userId: "twice", cartId: "cart-second-plan" }),
  ];
  for (const payment of [first, second]) {
    const subscription = String(subscriptionObject(payment).id);
    await app.deliver(completed(payment, { mode: "subscription", payment_intent: null, subscription }));
  }
  const notGranted = [{ productKey: "pro", why: "has_plan_already" }];
  const { json } = await app.get(`/api/orders/${second.orderId}`, app.asServer);
  expect(json).toMatchObject({ status: "PAID", entitlements: [] });
  const { access, orders } = await explained("twice", "pro");
  expect(access).toBe(true);
  expect(orders).toMatchObject([
    { id: second.orderId, notGranted, because: expect.stringContaining("through another order already") },
    { id: first.orderId, notGranted: [] },
  ]);
  expect((await lastChange(second)).after).toMatchObject({ status: "PAID", grants: [], notGranted });
});

test("a booking that was paid when no spot was left says so, also once the money is back", async () => {
  const slotId = await app.slot({ capacity: 1 });
  const late = await app.order("workshop", { userId: "late", slotId });
  await app.deliver(expired(late));
  await app.deliver(completed(await app.order("workshop", { slotId })));
  await app.deliver(completed(late));
  const notGranted = [{ productKey: "workshop", why: "no_spot_left" }];
  expect(await explained("late", "workshop")).toMatchObject({
    because: expect.stringContaining("what was paid is on its way back"),
    orders: [{ status: "PAID", place: "refused", notGranted }],
  });
  expect((await lastChange(late)).after).toMatchObject({ place: "refused", grants: [], notGranted });
  await app.deliver(chargeRefunded(late, 1900));
  expect(await explained("late", "workshop")).toMatchObject({
    because: expect.stringContaining("what was paid has been given back"),
    orders: [{ status: "REFUNDED", notGranted }],
  });
});
