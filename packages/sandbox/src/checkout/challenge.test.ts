import { afterEach, beforeEach, expect, test } from "vitest";
import { TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop.close());

const JSON_ANSWER = { accept: "application/json" };
const NEEDS_OWNER = "4000 0000 0000 3220";

function answer(id: string, outcome: "complete" | "fail") {
  const url = `${shop.sandbox.url}/c/pay/${id}/challenge`;
  const body = new URLSearchParams({ outcome });
  return fetch(url, { method: "POST", redirect: "manual", headers: JSON_ANSWER, body });
}

test("the bank's question holds the order up; once it is answered the payment is told before its charge", async () => {
  const session = await shop.session();
  const asked = await shop.submit(session.id, { cardNumber: NEEDS_OWNER }, JSON_ANSWER);
  expect(await asked.json()).toEqual({ challenge: `/c/pay/${session.id}/challenge` });
  expect(await shop.types()).toEqual(["payment_intent.requires_action", "payment_intent.created"]);
  expect(await shop.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    status: "open",
    payment_intent: expect.stringMatching(/^pi_/),
  });
  shop.forget();
  expect(await (await answer(session.id, "complete")).json()).toEqual({
    redirect: `http://shop.test/thanks?session_id=${session.id}`,
  });
  expect(await shop.types()).toEqual([
    "payment_intent.succeeded",
    "charge.succeeded",
    "checkout.session.completed",
  ]);
  expect(shop.last("checkout.session.completed").data.object.customer_details).toMatchObject({
    email: "asha@example.com",
    name: "Asha Rao",
  });
});

test("who fails it is told so, is charged nothing, and pays with another card on the same payment", async () => {
  const session = await shop.session();
  await shop.submit(session.id, { cardNumber: NEEDS_OWNER });
  await shop.types();
  shop.forget();
  const failed = await answer(session.id, "fail");
  expect(failed.status).toBe(402);
  expect(await failed.json()).toMatchObject({
    message: expect.stringContaining("We are unable to authenticate your payment method."),
  });
  expect(await shop.types()).toEqual(["payment_intent.payment_failed"]);
  expect((await shop.stripe.charges.list()).data).toEqual([]);
  const { payment_intent: before } = await shop.stripe.checkout.sessions.retrieve(session.id);
  await shop.submit(session.id);
  const paid = await shop.stripe.checkout.sessions.retrieve(session.id);
  expect(paid).toMatchObject({ payment_status: "paid", payment_intent: before });
});

test("the question can't be answered twice, nor where none was asked", async () => {
  const session = await shop.session();
  await shop.submit(session.id, { cardNumber: NEEDS_OWNER });
  await Promise.all([answer(session.id, "complete"), answer(session.id, "complete")]);
  expect((await shop.stripe.charges.list()).data).toHaveLength(1);
  const other = await shop.session();
  await answer(other.id, "complete");
  expect((await shop.stripe.checkout.sessions.retrieve(other.id)).status).toBe("open");
});

test("after the question the bank may still decline", async () => {
  const session = await shop.session();
  await shop.submit(session.id, { cardNumber: "4000 0082 6000 3178" });
  const declined = await answer(session.id, "complete");
  expect(await declined.json()).toMatchObject({
    problems: { cardNumber: "Your card has insufficient funds. Try a different card." },
  });
});

test("a session that expires while the question is open takes its payment with it", async () => {
  const session = await shop.session();
  await shop.submit(session.id, { cardNumber: NEEDS_OWNER });
  shop.forget();
  await shop.stripe.checkout.sessions.expire(session.id);
  expect((await shop.types()).slice(-2)).toEqual(["checkout.session.expired", "payment_intent.canceled"]);
  await answer(session.id, "complete");
  expect((await shop.stripe.charges.list()).data).toEqual([]);
});

test("a subscription waits for the answer, and so does a trial's card", async () => {
  const plan = await shop.plan();
  await shop.submit(plan.id, { cardNumber: NEEDS_OWNER });
  expect((await shop.stripe.subscriptions.list()).data).toEqual([]);
  await answer(plan.id, "complete");
  expect((await shop.stripe.subscriptions.list()).data).toHaveLength(1);
  shop.forget();
  const trial = await shop.plan({ subscription_data: { trial_period_days: 7 } });
  await shop.submit(trial.id, { cardNumber: NEEDS_OWNER });
  expect((await shop.types()).slice(-2)).toEqual(["setup_intent.requires_action", "setup_intent.created"]);
  await answer(trial.id, "complete");
  expect(await shop.stripe.checkout.sessions.retrieve(trial.id)).toMatchObject({
    status: "complete",
    payment_status: "no_payment_required",
  });
});

test("without a browser the control API answers", async () => {
  const session = await shop.session();
  await shop.confirm(session.id, "pm_card_threeDSecure2Required");
  await shop.control(`checkout/sessions/${session.id}/authenticate`, { outcome: "succeed" });
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid");
});
