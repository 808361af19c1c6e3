import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  chargeRefunded,
  completed,
  event,
  newPayment,
  type Payment,
  sessionObject,
  signed,
} from "../../../../test/support/events.ts";

let app: TestApi;
beforeAll(async () => {
  app = await startApi();
});
afterAll(() => app.close());

const order = (productKey?: string) => app.order(productKey);

async function stateOf({ orderId }: Payment) {
  const [row] = await app.rows<{ status: string; amount_refunded: number; access: string[]; log: string[] }>(
    `select status, amount_refunded::int,
            (select coalesce(array_agg(state), '{}') from entitlement where order_id = o.id) as access,
            (select coalesce(array_agg(event order by event), '{}') from fulfillment_log where order_id = o.id) as log
       from "order" o where id = $1`,
    [orderId],
  );
  return row;
}

function refund(payment: Payment, more: Record<string, unknown>) {
  return {
    id: `re_${payment.charge}`,
    object: "refund",
    amount: 100,
    charge: payment.charge,
    created: Math.floor(Date.now() / 1000),
    payment_intent: payment.paymentIntent,
    metadata: {},
    status: "succeeded",
    ...more,
  };
}

async function everything() {
  return app.rows(`select (select count(*) from "order") as orders, (select count(*) from entitlement) as grants,
    (select count(*) from fulfillment_log) as log, (select count(*) from stripe_event) as events,
    (select max(updated_at) from "order") as touched`);
}

test("a paid session grants access once and says so", async () => {
  const payment = await order();
  const answer = await app.deliver(completed(payment));
  expect(answer).toMatchObject({ status: 200, json: { received: true, outcome: "applied" } });
  expect(await stateOf(payment)).toEqual({
    status: "FULFILLED",
    amount_refunded: 0,
    access: ["active"],
    log: ["checkout.fulfilled"],
  });
});

test("20 copies of one event at once grant once", async () => {
  const payment = await order();
  const paid = completed(payment);
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.deliver(paid)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  const outcomes = answers.map(({ json }) => json.outcome);
  expect(outcomes.filter((outcome) => outcome === "applied")).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === "duplicate")).toHaveLength(19);
  expect(await stateOf(payment)).toMatchObject({ access: ["active"], log: ["checkout.fulfilled"] });
});

test("two different events that tell of one payment at once grant once", async () => {
  const payment = await order();
  await Promise.all(Array.from({ length: 10 }, () => app.deliver(completed(payment))));
  expect(await stateOf(payment)).toMatchObject({
    status: "FULFILLED",
    access: ["active"],
    log: ["checkout.fulfilled"],
  });
});

test.each([
  ["with our metadata on the charge", true],
  ["that names only the payment intent", false],
])("a full refund %s, delivered before the completion, ends refunded without access", async (_, metadata) => {
  const payment = await order();
  await app.deliver(chargeRefunded(payment, 1900, metadata));
  expect((await app.deliver(completed(payment))).json.outcome).toBe("applied");
  expect(await stateOf(payment)).toEqual({
    status: "REFUNDED",
    amount_refunded: 1900,
    access: ["ended"],
    log: [`charge.refunded ${payment.charge}`, "checkout.fulfilled"],
  });
});

test("the same, the other way round, ends the same", async () => {
  const payment = await order();
  await app.deliver(completed(payment));
  await app.deliver(chargeRefunded(payment, 1900));
  expect(await stateOf(payment)).toEqual({
    status: "REFUNDED",
    amount_refunded: 1900,
    access: ["ended"],
    log: [`charge.refunded ${payment.charge}`, "checkout.fulfilled"],
  });
});

test("a partial refund before the completion leaves the access", async () => {
  const payment = await order();
  await app.deliver(chargeRefunded(payment, 500));
  await app.deliver(completed(payment));
  expect(await stateOf(payment)).toMatchObject({
    status: "FULFILLED",
    amount_refunded: 500,
    access: ["active"],
  });
});

test.each([
  ["that names the order", true],
  ["that names only the payment intent", false],
])("a refund %s and its completion at the same instant are never missed", async (_, metadata) => {
  const payments = await Promise.all(Array.from({ length: 30 }, () => order()));
  await Promise.all(
    payments.flatMap((payment) => [
      app.deliver(chargeRefunded(payment, 1900, metadata)),
      app.deliver(completed(payment)),
    ]),
  );
  for (const payment of payments) {
    expect(await stateOf(payment)).toMatchObject({ status: "REFUNDED", access: ["ended"] });
  }
});

test("four refunds of a paid order at the same instant are all counted", async () => {
  const payment = await order();
  await app.deliver(completed(payment));
  const refunds = [1, 2, 3, 4].map((number) =>
    refund(payment, { id: `re_${number}_${payment.charge}`, amount: 100 }),
  );
  await Promise.all(refunds.map((object) => app.deliver(event("refund.created", object))));
  expect(await stateOf(payment)).toMatchObject({
    status: "FULFILLED",
    amount_refunded: 400,
    access: ["active"],
  });
});

test("a refund that fails gives the access back", async () => {
  const payment = await order();
  await app.deliver(completed(payment));
  await app.deliver(chargeRefunded(payment, 1900));
  await app.deliver(event("refund.failed", refund(payment, { amount: 1900, status: "failed" })));
  expect(await stateOf(payment)).toMatchObject({
    status: "FULFILLED",
    amount_refunded: 0,
    access: ["active"],
  });
});

test("a delayed payment grants when the money comes, not when the page is finished", async () => {
  const payment = await order();
  await app.deliver(completed(payment, { payment_status: "unpaid" }));
  expect(await stateOf(payment)).toMatchObject({ status: "PENDING", access: [] });
  await app.deliver(event("checkout.session.async_payment_succeeded", sessionObject(payment)));
  expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED", access: ["active"] });
});

test("a delayed payment that fails grants nothing, and a late failure takes nothing back", async () => {
  const failed = await order();
  const unpaid = { payment_status: "unpaid" };
  await app.deliver(completed(failed, unpaid));
  await app.deliver(event("checkout.session.async_payment_failed", sessionObject(failed, unpaid)));
  expect(await stateOf(failed)).toMatchObject({ status: "FAILED", access: [] });
  const paid = await order();
  await app.deliver(completed(paid));
  await app.deliver(event("checkout.session.async_payment_failed", sessionObject(paid, unpaid)));
  expect(await stateOf(paid)).toMatchObject({ status: "FULFILLED", access: ["active"] });
});

test("an expired session cancels the order", async () => {
  const payment = await order();
  const expired = { status: "expired", payment_status: "unpaid", payment_intent: null };
  await app.deliver(event("checkout.session.expired", sessionObject(payment, expired)));
  expect(await stateOf(payment)).toMatchObject({ status: "CANCELED", access: [] });
});

test("a plan is granted with its seats", async () => {
  const payment = await order("pro");
  await app.deliver(
    completed(payment, {
      mode: "subscription",
      payment_intent: null,
      subscription: "sub_1",
      customer: "cus_1",
    }),
  );
  expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED", access: ["active"] });
});

test("forged, stale, unsigned, empty and re-serialised bodies are answered 400 and change nothing", async () => {
  const payment = await order();
  const before = await everything();
  const { payload, header } = signed(completed(payment));
  const stale = signed(completed(payment), undefined, Math.floor(Date.now() / 1000) - 301);
  const forged = signed(completed(payment), "whsec_somebody_elses");
  const attempts: [string, string | undefined][] = [
    [payload, undefined],
    [payload, ""],
    [payload, "t=1,v1=00"],
    [payload, "t=1,v1="],
    [payload, "nonsense"],
    [payload.replace("1900", "1"), header],
    [JSON.stringify(JSON.parse(payload)), header],
    ["", header],
    [stale.payload, stale.header],
    [forged.payload, forged.header],
    [payload, header.replace("v1=", "v0=")],
  ];
  for (const [body, signature] of attempts) {
    const headers: Record<string, string> = signature === undefined ? {} : { "stripe-signature": signature };
    const answer = await app.post("/api/stripe/webhook", body, headers);
    expect(answer).toMatchObject({
      status: 400,
      json: { code: "invalid_signature", error: expect.stringMatching(/\.$/) },
    });
  }
  expect(await everything()).toEqual(before);
});

test("a live event under a test key is quarantined and changes nothing", async () => {
  const payment = await order();
  const answer = await app.deliver({ ...completed(payment), livemode: true });
  expect(answer).toMatchObject({ status: 200, json: { outcome: "quarantined" } });
  expect(await stateOf(payment)).toMatchObject({ status: "PENDING", access: [], log: [] });
});

test("an order of ours that doesn't exist is quarantined with its reason, not called fulfilled", async () => {
  const unknown = newPayment("01890000-0000-7000-8000-000000000000", "cs_test_unknown");
  const paid = completed(unknown);
  expect((await app.deliver(paid)).json).toEqual({ received: true, outcome: "quarantined" });
  const [row] = await app.rows<{ outcome: string; error: string }>(
    "select * from stripe_event where id = $1",
    [paid.id],
  );
  expect(row).toMatchObject({ outcome: "quarantined", error: expect.stringContaining("does not exist") });
});

test("other integrations' sessions and types nothing depends on are ignored with 200", async () => {
  const theirs = event("checkout.session.completed", {
    ...sessionObject(newPayment("1234", "cs_theirs")),
    metadata: { order_id: "1234" },
  });
  expect((await app.deliver(theirs)).json.outcome).toBe("ignored");
  expect(
    (await app.deliver(event("customer.created", { id: "cus_1", object: "customer" }))).json.outcome,
  ).toBe("ignored");
});

test("a handled type with an unexpected shape is quarantined", async () => {
  const answer = await app.deliver(
    event("charge.refunded", { id: "ch_odd", object: "charge", amount: "many" }),
  );
  expect(answer).toMatchObject({ status: 200, json: { outcome: "quarantined" } });
});

test("a signed body that is no event is answered 400", async () => {
  const { payload, header } = signed({ hello: "world" });
  const answer = await app.post("/api/stripe/webhook", payload, { "stripe-signature": header });
  expect(answer).toMatchObject({ status: 400, json: { code: "invalid_request" } });
});

test("a payload of another API version is read again from Stripe, and fails while Stripe can't be read", async () => {
  const payment = await order();
  const session = app.stripe.sessions.get(payment.sessionId);
  if (!session) throw new Error("The session is missing.");
  Object.assign(session, {
    status: "complete",
    payment_status: "paid",
    payment_intent: payment.paymentIntent,
  });
  const old = {
    ...completed(payment, { amount_total: "a shape of another time" }),
    api_version: "2019-12-03",
  };
  app.stripe.script.status = 500;
  expect((await app.deliver(old)).status).toBe(500);
  delete app.stripe.script.status;
  expect((await app.deliver(old)).json.outcome).toBe("applied");
  expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED", access: ["active"] });
  const [row] = await app.rows("select outcome, error, attempts from stripe_event where id = $1", [old.id]);
  expect(row).toEqual({ outcome: "applied", error: null, attempts: 2 });
});

test("with Stripe answering 500 to everything, signed events still fulfil", async () => {
  const payment = await order();
  const calls = app.stripe.calls.length;
  app.stripe.script.status = 500;
  expect((await app.deliver(completed(payment))).json.outcome).toBe("applied");
  delete app.stripe.script.status;
  expect(app.stripe.calls).toHaveLength(calls);
  expect(await stateOf(payment)).toMatchObject({ status: "FULFILLED" });
});
