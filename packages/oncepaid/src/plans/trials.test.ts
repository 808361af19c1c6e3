import { afterAll, beforeAll, expect, test } from "vitest";
import { findProduct } from "../../../../shop/src/catalog/products.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import {
  completed,
  event,
  newPayment,
  type Payment,
  subscriptionObject,
} from "../../../../test/support/events.ts";

const TRIAL_DAYS = 14;
let app: TestApi;
let checkTrial: typeof import("#/plans/trials.ts").checkTrial;
beforeAll(async () => {
  // A catalog whose plan begins with a trial.
  Object.assign(findProduct("pro") ?? {}, { trialDays: TRIAL_DAYS });
  // Mails are only written where there is a mail server.
  app = await startApi({ SMTP_URL: "smtp://127.0.0.1:1" });
  ({ checkTrial } = await import("#/plans/trials.ts"));
});
afterAll(() => app.close());

let carts = 0;
const checkout = (body: Record<string, unknown>) =>
  app.post("/api/checkout", { cartId: `cart-trial-${++carts}`, productKey: "pro", ...body }, app.asServer);
const offeredDays = () =>
  app.stripe.calls
    .findLast(({ path }) => path === "/v1/checkout/sessions")
    ?.form.get("subscription_data[trial_period_days]") ?? null;

/** A user's trial that has begun, on a card. */
async function trial(userId: string, fingerprint: string | null, email = `${userId}@example.com`) {
  const { json } = await checkout({ userId });
  return trialOf(
    newPayment(String(json.orderId), String(json.url).split("/").at(-1) ?? ""),
    fingerprint,
    email,
  );
}

/** The same for an order that was opened already; `later` are seconds from now. */
async function trialOf(payment: Payment, fingerprint: string | null, email: string, later = 0) {
  const begun = { customer_details: { email }, payment_status: "no_payment_required", payment_intent: null };
  const paid = completed(payment, begun);
  await app.deliver({ ...paid, created: paid.created + later });
  const now = Math.floor(Date.now() / 1000);
  const subscription = subscriptionObject(payment, { status: "trialing", trial_start: now });
  app.stripe.objects.set(subscription.id, {
    ...subscription,
    customer: { id: "cus_1", object: "customer", invoice_settings: { default_payment_method: null } },
    default_payment_method: fingerprint && { id: "pm_1", object: "payment_method", card: { fingerprint } },
  });
  await app.deliver(event("customer.subscription.created", subscription));
  return { payment, orderId: payment.orderId, subscriptionId: subscription.id };
}

const statusOf = (id: string) => Reflect.get(app.stripe.objects.get(id) ?? {}, "status");
const mailsOf = (orderId: string) =>
  app.rows<{ key: string }>("select key from outbox where queue = 'mail' and key = $1", [
    `trial_refused:${orderId}`,
  ]);

test("a trial is offered to an account once, whatever became of the plan", async () => {
  const { payment } = await trial("repeater", "card-of-repeater");
  expect(offeredDays()).toBe(String(TRIAL_DAYS));
  await app.deliver(
    event("customer.subscription.deleted", subscriptionObject(payment, { status: "canceled" })),
  );
  expect((await checkout({ userId: "repeater" })).status).toBe(200);
  expect(offeredDays()).toBeNull();
});

test("a trial is offered to an address once, whoever uses it", async () => {
  await trial("first-owner", null, "Shared@Example.com");
  await checkout({ userId: "second-owner", email: "shared@example.com" });
  expect(offeredDays()).toBeNull();
  await checkout({ userId: "third-owner", email: "another@example.com" });
  expect(offeredDays()).toBe(String(TRIAL_DAYS));
});

test("the card of a trial is looked up when it begins, once", async () => {
  const { orderId, subscriptionId, payment } = await trial("looked-up", "card-looked-up");
  await app.deliver(
    event("customer.subscription.updated", subscriptionObject(payment, { trial_start: 1, quantity: 2 })),
  );
  expect(
    await app.rows("select key, data from outbox where queue = 'trial_card' and data->>'orderId' = $1", [
      orderId,
    ]),
  ).toEqual([{ key: `trial_card:${subscriptionId}`, data: { orderId, subscriptionId } }]);
});

test("a card keeps its first trial, and the next account's is canceled before anything is charged", async () => {
  const first = await trial("card-first", "one-card");
  const second = await trial("card-second", "one-card");
  await checkTrial(app.engine, first.orderId, first.subscriptionId);
  await checkTrial(app.engine, second.orderId, second.subscriptionId);
  expect([statusOf(first.subscriptionId), statusOf(second.subscriptionId)]).toEqual(["trialing", "canceled"]);
  expect([await mailsOf(first.orderId), await mailsOf(second.orderId)]).toEqual([
    [],
    [{ key: `trial_refused:${second.orderId}` }],
  ]);
  // Done again, as after a crash: the first one keeps its trial, and the second mail has the key of the first.
  await checkTrial(app.engine, first.orderId, first.subscriptionId);
  await checkTrial(app.engine, second.orderId, second.subscriptionId);
  expect(statusOf(first.subscriptionId)).toBe("trialing");
  expect(new Set((await mailsOf(second.orderId)).map(({ key }) => key)).size).toBe(1);
});

test("of many accounts with one card at once, one keeps its trial", async () => {
  const trials = [];
  for (let place = 0; place < 8; place++) trials.push(await trial(`card-rush-${place}`, "card-in-a-rush"));
  await Promise.all(
    trials.map(({ orderId, subscriptionId }) => checkTrial(app.engine, orderId, subscriptionId)),
  );
  const states = trials.map(({ subscriptionId }) => statusOf(subscriptionId));
  expect(states.filter((state) => state === "trialing")).toHaveLength(1);
  expect(states.filter((state) => state === "canceled")).toHaveLength(7);
});

test("an address that is told on the payment page alone gets its trial once too, the first that was paid", async () => {
  const opened = await checkout({ userId: "address-opened-first" });
  const first = await trial("address-first", "card-of-address-1", "Twice@Example.com");
  const payment = newPayment(String(opened.json.orderId), String(opened.json.url).split("/").at(-1) ?? "");
  const second = await trialOf(payment, "card-of-address-2", "twice@example.com", 60);
  await checkTrial(app.engine, second.orderId, second.subscriptionId);
  await checkTrial(app.engine, first.orderId, first.subscriptionId);
  expect([statusOf(first.subscriptionId), statusOf(second.subscriptionId)]).toEqual(["trialing", "canceled"]);
  expect(await mailsOf(second.orderId)).toEqual([{ key: `trial_refused:${second.orderId}` }]);
});

test("a trial without a card is left alone", async () => {
  const { orderId, subscriptionId } = await trial("no-card", null);
  await checkTrial(app.engine, orderId, subscriptionId);
  expect(statusOf(subscriptionId)).toBe("trialing");
});

/** A plan that somebody pays whose address had it before; `trial`: when the trial began that the shop gave it, in seconds from now. */
async function paying(userId: string, trialIn: number, status = "trialing") {
  const email = `${userId}@example.com`;
  await trial(`${userId}-before`, null, email);
  const { json } = await checkout({ userId });
  const payment = newPayment(String(json.orderId), String(json.url).split("/").at(-1) ?? "");
  const sold = await trialOf(payment, null, email, 1);
  const begins = Math.floor(Date.now() / 1000) + trialIn;
  await app.rows(
    `update oncepaid."order" set facts = jsonb_set(facts, array['subscriptions', $2, 'trialStart'], to_jsonb($3::bigint)) where id = $1`,
    [sold.orderId, sold.subscriptionId, begins],
  );
  app.stripe.objects.set(sold.subscriptionId, { ...app.stripe.objects.get(sold.subscriptionId), status });
  return sold;
}

test("a trial that the shop gives later to somebody who pays is nobody's first one, and ends nothing", async () => {
  const { orderId, subscriptionId } = await paying("loyal", 30 * 86_400);
  await checkTrial(app.engine, orderId, subscriptionId);
  expect(statusOf(subscriptionId)).toBe("trialing");
  expect(await mailsOf(orderId)).toEqual([]);
});

test("a plan that is paid for by the time its trial is looked at goes on", async () => {
  const { orderId, subscriptionId } = await paying("looked-at-late", 0, "active");
  await checkTrial(app.engine, orderId, subscriptionId);
  expect(statusOf(subscriptionId)).toBe("active");
  expect(await mailsOf(orderId)).toEqual([]);
});

test("what its buyer has canceled is not told as refused", async () => {
  const { orderId, subscriptionId } = await paying("canceled-it", 0, "canceled");
  await checkTrial(app.engine, orderId, subscriptionId);
  expect(await mailsOf(orderId)).toEqual([]);
});

test("who died after canceling a trial is followed by one who tells of it, and of two at once one does", async () => {
  const { orderId, subscriptionId } = await paying("died-after", 0);
  await app.rows(
    `insert into oncepaid.billing_stop (stripe_subscription_id, cause, order_id, action) values ($1, 'trial', $2, 'canceled')`,
    [subscriptionId, orderId],
  );
  app.stripe.objects.set(subscriptionId, { ...app.stripe.objects.get(subscriptionId), status: "canceled" });
  const both = () => checkTrial(app.engine, orderId, subscriptionId);
  await Promise.all([both(), both()]);
  await both();
  expect(await mailsOf(orderId)).toEqual([{ key: `trial_refused:${orderId}` }]);
});
