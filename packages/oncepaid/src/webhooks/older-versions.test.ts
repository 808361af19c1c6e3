import { afterAll, beforeAll, expect, test } from "vitest";
import { ROUTES } from "#/events/routes.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { disputeObject, event, sessionObject, subscriptionObject } from "../../../../test/support/events.ts";

/** Payloads are rendered in the endpoint's API version, which never changes after the endpoint was made. */
const OLD = { api_version: "2019-12-03" };

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const TYPES = Object.keys(ROUTES);
const objectOf = (type: string) => {
  if (type.startsWith("checkout.session.")) return "checkout.session";
  if (type.startsWith("charge.dispute.")) return "dispute";
  if (type.startsWith("customer.subscription.")) return "subscription";
  return type.split(".")[0] ?? type;
};

test.each(TYPES)("an older %s whose object Stripe can't show is quarantined, never misread", async (type) => {
  const payment = await app.order();
  const before = await app.rows(`select * from "order" where id = $1`, [payment.orderId]);
  const misleading = {
    ...sessionObject(payment),
    ...subscriptionObject(payment),
    ...disputeObject(payment, "lost"),
    id: `gone_${payment.charge}`,
    object: objectOf(type),
    metadata: { order_id: payment.orderId },
    payment_status: "paid",
  };
  const answer = await app.deliver(event(type, misleading, OLD));
  expect(answer).toMatchObject({ status: 200, json: { outcome: "quarantined" } });
  expect(await app.rows(`select * from "order" where id = $1`, [payment.orderId])).toEqual(before);
});

test.each([
  ["charge.dispute.created", "dispute", "suspended"],
  ["customer.subscription.deleted", "subscription", "ended"],
])("an older %s is read again from Stripe and applied as it stands there", async (type, object, state) => {
  const payment = await app.order("pro");
  await app.deliver(event("checkout.session.completed", { ...sessionObject(payment), mode: "subscription" }));
  const now =
    object === "dispute"
      ? disputeObject(payment, "needs_response")
      : subscriptionObject(payment, { status: "canceled", ended_at: 1_800_000_000 });
  app.stripe.objects.set(now.id, now);
  const old = { id: now.id, object, status: "a shape of another time" };
  expect((await app.deliver(event(type, old, OLD))).json.outcome).toBe("applied");
  const grants = await app.rows("select state from entitlement where order_id = $1", [payment.orderId]);
  expect(grants).toEqual([{ state }]);
});
