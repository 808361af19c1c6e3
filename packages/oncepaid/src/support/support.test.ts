import { afterEach, beforeEach, expect, test } from "vitest";
import {
  chargeRefunded,
  completed,
  event,
  newPayment,
  type Payment,
  subscriptionObject,
} from "../../../../test/support/events.ts";
import { startEngine, type TestEngine } from "../../test/engine.ts";

const API_KEY = "support:a-key-of-the-support-tests-with-32-characters";
const BY = { by: "ada" };

let app: TestEngine;
let receipts: string[];
beforeEach(async () => {
  receipts = [];
  app = await startEngine({
    apiKeys: [API_KEY],
    after: { "receipt.wanted": ({ order }, { key }) => void receipts.push(`${order.email} ${key}`) },
  });
});
afterEach(() => app.close());

async function paid(): Promise<Payment> {
  const payment = await app.order();
  await app.deliver(completed(payment));
  return payment;
}

/** So many requests at once find their connections open, and none is over before the others begin. */
async function atOnce<T>(times: number, ask: () => Promise<T>): Promise<T[]> {
  await Promise.all(Array.from({ length: times }, () => app.oncepaid.has("nobody", "ebook")));
  return Promise.all(Array.from({ length: times }, ask));
}

const refundCalls = () =>
  app.stripe.calls.filter(({ method, path }) => method === "POST" && path === "/v1/refunds");
const refund = (payment: Payment, more: { amount?: number; key?: string } = {}) =>
  app.oncepaid.refund(payment.orderId, { ...BY, ...more });

test("a refund is Stripe's to make: the order changes with its event, and the timeline tells who asked", async () => {
  const payment = await paid();
  const made = await app.oncepaid.refund(payment.orderId, {
    reason: "duplicate",
    note: "Bought twice.",
    ...BY,
  });
  expect(made).toMatchObject({ ok: true, refund: { amount: 1900, state: "made" } });
  const [call] = refundCalls();
  expect(Object.fromEntries(call?.form ?? [])).toMatchObject({
    payment_intent: payment.paymentIntent,
    amount: "1900",
    reason: "duplicate",
    "metadata[order_id]": payment.orderId,
  });
  expect(await app.oncepaid.order(payment.orderId)).toMatchObject({ status: "FULFILLED" });
  await app.deliver(chargeRefunded(payment, 1900));
  expect(await app.oncepaid.order(payment.orderId)).toMatchObject({ status: "REFUNDED" });
  expect(await app.oncepaid.timeline(payment.orderId)).toContainEqual(
    expect.objectContaining({ what: "refund", actor: "ada", note: "Bought twice." }),
  );
});

test("parts add up to what was paid and never to more, also before Stripe has told of any", async () => {
  const payment = await paid();
  expect(await refund(payment, { amount: 500 })).toMatchObject({ ok: true });
  expect(await refund(payment, { amount: 1401 })).toMatchObject({ ok: false, code: "refund_too_large" });
  await app.deliver(chargeRefunded(payment, 500));
  expect(await refund(payment, { amount: 900 })).toMatchObject({ ok: true });
  expect(await refund(payment)).toMatchObject({ ok: true, refund: { amount: 500 } });
  expect(await refund(payment, { amount: 1 })).toMatchObject({ ok: false, code: "not_refundable" });
});

test("ten at once, without a key, give everything back once", async () => {
  const payment = await paid();
  const answers = await atOnce(10, () => refund(payment));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  expect(refundCalls()).toHaveLength(1);
});

test("ten at once under one key are one refund, and all hear the same of it", async () => {
  const payment = await paid();
  const answers = await atOnce(10, () => refund(payment, { amount: 500, key: "once" }));
  expect(new Set(answers.map((answer) => answer.ok && answer.refund.id)).size).toBe(1);
  expect(app.stripe.refunds.size).toBe(1);
});

test("a key stands for one request: another amount, and another order, are refused under it", async () => {
  const [one, other] = [await paid(), await paid()];
  expect(await refund(one, { amount: 500, key: "mine" })).toMatchObject({ ok: true });
  const reused = { ok: false, code: "idempotency_key_reused" };
  expect(await refund(one, { amount: 600, key: "mine" })).toMatchObject(reused);
  expect(await refund(other, { amount: 500, key: "mine" })).toMatchObject(reused);
  expect(app.stripe.refunds.size).toBe(1);
});

test("where Stripe can't be reached the job makes the refund", async () => {
  const payment = await paid();
  app.stripe.script.status = 503;
  expect(await refund(payment)).toMatchObject({ ok: true, refund: { state: "asked" } });
  expect(await refund(payment)).toMatchObject({ ok: false, code: "not_refundable" });
  delete app.stripe.script.status;
  await app.oncepaid.sweep();
  expect(app.stripe.refunds.size).toBe(1);
  expect(new Set(refundCalls().map(({ key }) => key)).size).toBe(1);
});

test("lines are given back for what was paid for them, each once, and Stripe is told which", async () => {
  const started = await app.oncepaid.checkout({
    cartId: "cart-of-lines",
    items: [{ productKey: "ebook", quantity: 3 }],
    userId: "lines",
  });
  if (!started.ok) throw new Error(started.error);
  const payment = { ...newPayment(started.orderId, started.url.split("/").at(-1) ?? ""), amount: 1800 };
  // Three at 19.00, with a discount of two thirds and a little.
  await app.deliver(completed(payment));
  const one = [{ productKey: "ebook" as const, quantity: 1 }];
  const lines = (items: { productKey: "ebook"; quantity?: number }[]) =>
    app.oncepaid.refund(payment.orderId, { items, ...BY });
  expect(await lines(one)).toMatchObject({ ok: true, refund: { amount: 600 } });
  expect(Object.fromEntries(refundCalls()[0]?.form ?? [])).toMatchObject({ "metadata[items]": "ebook:1" });
  expect(await lines([{ productKey: "ebook", quantity: 3 }])).toMatchObject({
    ok: false,
    code: "not_refundable",
  });
  expect(await lines([])).toMatchObject({ ok: false, code: "invalid_request" });
  // Of the two that are left, each of these alone could be given back.
  expect(await lines([...one, { productKey: "ebook", quantity: 2 }])).toMatchObject({
    ok: false,
    code: "not_refundable",
    error: "Of ebook only 2 are left to give back.",
  });
  expect(await lines([{ productKey: "ebook" }, { productKey: "ebook" }])).toMatchObject({ ok: false });
  expect(await lines([{ productKey: "ebook" }])).toMatchObject({ ok: true, refund: { amount: 1200 } });
  expect(await lines(one)).toMatchObject({ ok: false, code: "not_refundable" });
});

test("a process that dies after Stripe made the refund makes no second one, also once Stripe forgot the key", async () => {
  const payment = await paid();
  app.stripe.script.dropAnswers = true;
  const asked = await refund(payment, { amount: 500, key: "dies" });
  expect(asked).toMatchObject({ ok: true, refund: { state: "asked" } });
  app.stripe.script.dropAnswers = false;
  expect(app.stripe.refunds.size).toBe(1);
  // After a day Stripe doesn't know the key: a call under it would be a second refund.
  const calls = refundCalls().length;
  await app.oncepaid.sweep();
  expect(refundCalls()).toHaveLength(calls);
  expect(await refund(payment, { amount: 500, key: "dies" })).toMatchObject({ refund: { state: "made" } });
});

test("what Stripe refuses is said, stands in the timeline, and is not asked again", async () => {
  const payment = await paid();
  // Somebody gave it back in Stripe's dashboard, and nobody told us yet.
  app.stripe.refunds.set("re_dashboard", {
    payment_intent: payment.paymentIntent,
    amount: 1900,
    metadata: {},
  });
  expect(await refund(payment)).toMatchObject({ ok: false, code: "refused_by_stripe" });
  await app.oncepaid.sweep();
  expect(refundCalls()).toHaveLength(1);
  expect(await app.oncepaid.timeline(payment.orderId)).toContainEqual(
    expect.objectContaining({ what: "refund", note: expect.stringContaining("already been refunded") }),
  );
});

test("nothing is given back of what nobody paid, and there is no plan to cancel in a download", async () => {
  const { orderId } = await app.order();
  expect(await app.oncepaid.refund(orderId, BY)).toMatchObject({ ok: false, code: "not_refundable" });
  expect(await app.oncepaid.resend(orderId, BY)).toMatchObject({ ok: false, code: "not_paid" });
  expect(await app.oncepaid.cancel(orderId, { when: "now", ...BY })).toMatchObject({
    ok: false,
    code: "no_subscription",
  });
  expect(await app.oncepaid.refund("nonsense", BY)).toMatchObject({ ok: false, code: "not_found" });
});

test("a corrected address stays, whatever Stripe tells afterwards, and each receipt is told under its own key", async () => {
  const payment = await paid();
  await app.oncepaid.correct(payment.orderId, { email: "Right@example.com", ...BY });
  await app.deliver(completed(payment));
  await app.deliver(chargeRefunded(payment, 100));
  await app.oncepaid.resend(payment.orderId, BY);
  await app.oncepaid.resend(payment.orderId, BY);
  const once = { ...BY, key: "one-click" };
  await Promise.all([app.oncepaid.resend(payment.orderId, once), app.oncepaid.resend(payment.orderId, once)]);
  await app.oncepaid.sweep();
  expect(receipts).toHaveLength(3);
  expect(new Set(receipts).size).toBe(3);
  for (const receipt of receipts) expect(receipt).toContain("right@example.com receipt.wanted:");
});

test("a change of a plan that waited for Stripe doesn't undo a newer one", async () => {
  const payment = await app.order("pro");
  const plan = subscriptionObject(payment);
  const { id } = plan;
  await app.deliver(completed(payment, { mode: "subscription", payment_intent: null, subscription: id }));
  await app.deliver(event("customer.subscription.created", plan));
  const [item] = plan.items.data;
  app.stripe.objects.set(id, { ...plan, items: { data: [{ ...item, id: "si_1" }] } });
  const change = (quantity: number, when: "now" | "period_end" = "now") =>
    app.oncepaid.changePlan(payment.orderId, { quantity, when, ...BY });
  app.stripe.script.status = 503;
  expect(await change(3)).toEqual({ ok: true, state: "asked" });
  expect(await change(4, "period_end")).toEqual({ ok: true, state: "asked" });
  delete app.stripe.script.status;
  expect(await change(2)).toEqual({ ok: true, state: "made" });
  await app.oncepaid.sweep();
  const changes = app.stripe.calls.filter(({ method, path }) => method === "POST" && path.endsWith(id));
  expect(changes.at(-1)?.form.get("items[0][quantity]")).toBe("2");
  const told = (await app.oncepaid.timeline(payment.orderId)).filter(({ what }) => what === "change_plan");
  const replaced = "Another change of the plan was asked for since.";
  expect(told.map(({ note }) => note)).toEqual([replaced, replaced, null]);
});

test("a change for later that waited for Stripe doesn't undo a cancellation made since", async () => {
  const payment = await app.order("pro");
  const plan = subscriptionObject(payment);
  const { id } = plan;
  await app.deliver(completed(payment, { mode: "subscription", payment_intent: null, subscription: id }));
  await app.deliver(event("customer.subscription.created", plan));
  const [item] = plan.items.data;
  const items = { data: [{ ...item, id: "si_1" }] };
  app.stripe.script.status = 503;
  const later = { quantity: 3, when: "period_end" as const, ...BY };
  expect(await app.oncepaid.changePlan(payment.orderId, later)).toEqual({ ok: true, state: "asked" });
  delete app.stripe.script.status;
  app.stripe.objects.set(id, { ...plan, items, cancel_at: 1_900_000_000, cancel_at_period_end: true });
  await app.oncepaid.sweep();
  const planned = app.stripe.calls.filter(({ path }) => path.startsWith("/v1/subscription_schedules"));
  expect(planned).toEqual([]);
  const [told] = (await app.oncepaid.timeline(payment.orderId)).filter(({ what }) => what === "change_plan");
  expect(told?.note).toBe("The plan ends with its period, so nothing comes after it.");
});

test("over HTTP: for servers and operators, with an Idempotency-Key, and the key's name in the timeline", async () => {
  const { orderId } = await paid();
  const post = async (what: string, body: object, headers: Record<string, string> = {}) => {
    const url = `http://localhost:3000/api/oncepaid/orders/${orderId}/${what}`;
    const type = { "content-type": "application/json", origin: "http://localhost:3000" };
    const init = { method: "POST", body: JSON.stringify(body), headers: { ...type, ...headers } };
    const response = await app.oncepaid.handle(new Request(url, init));
    return { status: response.status, json: await response.json() };
  };
  const server = { authorization: `Bearer ${API_KEY}`, "idempotency-key": "k1" };
  expect((await post("refund", {})).status).toBe(401);
  const first = await post("refund", { amount: 500 }, server);
  expect(first).toMatchObject({ status: 200, json: { refund: { amount: 500 } } });
  expect(await post("refund", { amount: 500 }, server)).toEqual(first);
  expect(await post("refund", { amount: 501 }, server)).toMatchObject({ status: 409 });
  expect(await post("refund", { amount: 0 }, server)).toMatchObject({ status: 400 });
  expect(await post("email", { email: "nobody" }, server)).toMatchObject({ status: 400 });
  const other = { ...server, "idempotency-key": "k2" };
  expect(await post("email", { email: "b@example.com" }, other)).toMatchObject({ status: 200 });
  expect(await app.oncepaid.timeline(orderId)).toContainEqual(
    expect.objectContaining({ what: "correct", actor: "the API key support" }),
  );
});
