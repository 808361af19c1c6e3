import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  completed,
  disputeObject,
  event,
  type Payment,
  type StripeEvent,
  sessionObject,
  signed,
  subscriptionObject,
} from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

/** The notification beside a snapshot event, as an event destination with thin payloads sends it. */
function thin({ id, type, created, data }: StripeEvent, more: Record<string, unknown> = {}) {
  return {
    id: `evt_test_${id}`,
    object: "v2.core.event",
    type: `v1.${type}`,
    created: new Date(created * 1000).toISOString(),
    livemode: false,
    reason: null,
    related_object: { id: data.object.id, type: data.object.object, url: "/v1/of/it" },
    snapshot_event: id,
    ...more,
  };
}

function deliver(body: object) {
  const { payload, header } = signed(body);
  return app.post("/api/stripe/webhook", payload, { "stripe-signature": header });
}

/** A payment that Stripe shows when it is asked. */
async function paid(): Promise<{ payment: Payment; snapshot: StripeEvent }> {
  const payment = await app.order();
  app.stripe.objects.set(payment.sessionId, sessionObject(payment));
  return { payment, snapshot: completed(payment) };
}

async function state({ orderId }: Payment) {
  const { json } = await app.get(`/api/orders/${orderId}`, app.asServer);
  const log = await app.rows<{ event: string }>("select event from fulfillment_log where order_id = $1", [
    orderId,
  ]);
  return { status: json.status, granted: log.filter(({ event }) => event === "checkout.fulfilled").length };
}

test.each([
  ["alone", (_: StripeEvent, notification: object) => [notification], ["applied"]],
  [
    "before its snapshot",
    (snapshot: StripeEvent, notification: object) => [notification, snapshot],
    ["applied", "duplicate"],
  ],
  [
    "after its snapshot",
    (snapshot: StripeEvent, notification: object) => [snapshot, notification],
    ["applied", "duplicate"],
  ],
  ["twice", (_: StripeEvent, notification: object) => [notification, notification], ["applied", "duplicate"]],
])("a thin event fulfils once: %s", async (_, bodies, outcomes) => {
  const { payment, snapshot } = await paid();
  const answers = [];
  for (const body of bodies(snapshot, thin(snapshot))) answers.push(await deliver(body));
  expect(answers.map(({ json }) => json.outcome)).toEqual(outcomes);
  expect(await state(payment)).toEqual({ status: "FULFILLED", granted: 1 });
});

test("a thin event and its snapshot at the same moment fulfil once", async () => {
  const { payment, snapshot } = await paid();
  await Promise.all([deliver(thin(snapshot)), app.deliver(snapshot), deliver(thin(snapshot))]);
  expect(await state(payment)).toEqual({ status: "FULFILLED", granted: 1 });
});

test("a thin event is no proof of a payment: what Stripe shows decides", async () => {
  const payment = await app.order();
  app.stripe.objects.set(
    payment.sessionId,
    sessionObject(payment, { payment_status: "unpaid", status: "open" }),
  );
  await deliver(thin(completed(payment)));
  expect(await state(payment)).toMatchObject({ granted: 0 });
});

test("a thin event whose object Stripe can't show leaves its snapshot to be applied", async () => {
  const payment = await app.order();
  const snapshot = completed(payment);
  const lost = { related_object: { id: "cs_gone", type: "checkout.session", url: "/" } };
  expect((await deliver(thin(snapshot, lost))).json.outcome).toBe("quarantined");
  expect((await app.deliver(snapshot)).json.outcome).toBe("applied");
  expect(await state(payment)).toEqual({ status: "FULFILLED", granted: 1 });
});

test("with Stripe out of reach a thin event fails, is sent again, and then fulfils", async () => {
  const { payment, snapshot } = await paid();
  app.stripe.script.status = 500;
  expect((await deliver(thin(snapshot))).status).toBe(500);
  delete app.stripe.script.status;
  expect((await deliver(thin(snapshot))).json.outcome).toBe("applied");
  expect(await state(payment)).toEqual({ status: "FULFILLED", granted: 1 });
});

test("plans and disputes follow thin events too", async () => {
  const payment = await app.order("pro");
  const subscription = subscriptionObject(payment, { quantity: 4 });
  const bought = sessionObject(payment, {
    mode: "subscription",
    payment_intent: null,
    subscription: subscription.id,
  });
  const dispute = { ...disputeObject(payment, "needs_response"), metadata: { order_id: payment.orderId } };
  app.stripe.objects.set(payment.sessionId, bought);
  app.stripe.objects.set(subscription.id, subscription);
  app.stripe.objects.set(dispute.id, dispute);
  await deliver(thin(event("checkout.session.completed", bought)));
  await deliver(thin(event("customer.subscription.updated", subscription)));
  await deliver(thin(event("charge.dispute.created", dispute)));
  const rows = await app.rows("select state, reason, quantity from entitlement where order_id = $1", [
    payment.orderId,
  ]);
  expect(rows).toEqual([{ state: "suspended", reason: "disputed", quantity: 4 }]);
});

test.each([
  ["another mode's is quarantined", { livemode: true }, "quarantined"],
  ["a connected account's is quarantined", { context: "acct_1" }, "quarantined"],
  ["one that nothing depends on is ignored", { type: "v1.product.updated", snapshot_event: null }, "ignored"],
  ["one about no object is quarantined", { related_object: null, snapshot_event: null }, "quarantined"],
])("of thin events, %s", async (_, more, outcome) => {
  const { snapshot } = await paid();
  expect((await deliver(thin(snapshot, more))).json.outcome).toBe(outcome);
});

test("what is no thin event and no snapshot is refused", async () => {
  const { snapshot } = await paid();
  for (const wrong of [{ created: "yesterday" }, { type: "v2.money.moved" }, { id: "" }]) {
    expect((await deliver(thin(snapshot, wrong))).status).toBe(400);
  }
});
