import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop.close());

const DAY = 86_400;
/** More seconds than anything that follows a payment by itself takes. */
const A_MOMENT = 5;

test("a card payment is told in the order in which Stripe's events are seen to arrive", async () => {
  const session = await shop.session({
    metadata: { of: "session" },
    payment_intent_data: { metadata: { order: "1" } },
  });
  await shop.confirm(session.id);
  expect(await shop.types()).toEqual([
    "charge.succeeded",
    "payment_intent.succeeded",
    "payment_intent.created",
    "checkout.session.completed",
  ]);
  shop.forget();
  await shop.advance(A_MOMENT);
  expect(await shop.types()).toEqual(["charge.updated"]);
});

test("what a card payment leaves behind fits together", async () => {
  const session = await shop.session({
    metadata: { of: "session" },
    payment_intent_data: { metadata: { order: "1" } },
  });
  await shop.confirm(session.id);
  await shop.types();
  const completed = shop.last("checkout.session.completed");
  expect(completed.request).toEqual({
    id: expect.stringMatching(/^req_/),
    idempotency_key: expect.any(String),
  });
  expect(completed.data.object).toMatchObject({
    status: "complete",
    payment_status: "paid",
    customer: null,
    customer_details: { email: "buyer@example.com" },
    metadata: { of: "session" },
    url: null,
  });
  expect(completed.data.object).not.toHaveProperty("line_items");
  const created = shop.last("payment_intent.created").data.object;
  expect(created).toMatchObject({ status: "requires_payment_method", latest_charge: null });
  const paid = shop.last("payment_intent.succeeded").data.object;
  expect(paid).toMatchObject({
    amount_received: 49_900,
    metadata: { order: "1" },
    capture_method: "automatic_async",
  });
  expect(completed.data.object.payment_intent).toBe(paid.id);
  const charge = shop.last("charge.succeeded").data.object;
  expect(charge).toMatchObject({
    balance_transaction: null,
    metadata: { order: "1" },
    payment_intent: paid.id,
  });
  expect(charge.payment_method_details?.card).toMatchObject({ brand: "visa", last4: "4242" });
});

test("the booking comes a moment later and says what it changed", async () => {
  const session = await shop.session();
  await shop.confirm(session.id);
  await shop.advance(A_MOMENT);
  await shop.types();
  const { data } = shop.last("charge.updated");
  expect(data.previous_attributes).toEqual({ balance_transaction: null });
  const booking = await shop.stripe.balanceTransactions.retrieve(String(data.object.balance_transaction));
  expect(booking).toMatchObject({
    amount: 49_900,
    fee: 1_477,
    net: 48_423,
    source: data.object.id,
    type: "charge",
  });
});

test("an event stays as it was when its object moves on", async () => {
  const session = await shop.session();
  await shop.confirm(session.id);
  await shop.advance(A_MOMENT);
  await shop.types();
  const { id } = shop.last("charge.succeeded");
  expect(await shop.stripe.events.retrieve(id)).toMatchObject({
    data: { object: { balance_transaction: null } },
  });
});

test("a declined card leaves the session open, and the next card continues the same payment", async () => {
  const session = await shop.session();
  const error = await refusal(shop.confirm(session.id, "pm_card_visa_chargeDeclinedInsufficientFunds"));
  expect(error).toMatchObject({ statusCode: 402, code: "card_declined", decline_code: "insufficient_funds" });
  expect(error.message).toBe("Your card has insufficient funds.");
  expect(await shop.types()).toEqual([
    "charge.failed",
    "payment_intent.created",
    "payment_intent.payment_failed",
  ]);
  expect(shop.last("charge.failed").data.object).toMatchObject({
    status: "failed",
    paid: false,
    outcome: { type: "issuer_declined", reason: "insufficient_funds" },
  });
  const failed = shop.last("payment_intent.payment_failed").data.object;
  expect(failed).toMatchObject({ status: "requires_payment_method", payment_method: null });
  expect(failed.last_payment_error).toMatchObject({ type: "card_error", decline_code: "insufficient_funds" });
  const open = await shop.stripe.checkout.sessions.retrieve(session.id);
  expect(open).toMatchObject({ status: "open", payment_status: "unpaid", payment_intent: failed.id });

  shop.forget();
  await shop.confirm(session.id);
  expect(await shop.types()).toEqual([
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
  ]);
  expect(shop.last("payment_intent.succeeded").data.object.id).toBe(failed.id);
});

test("a paid session can't be paid again", async () => {
  const session = await shop.session();
  await shop.confirm(session.id);
  const error = await refusal(shop.confirm(session.id));
  expect(error.message).toContain("its status is `complete`");
  expect((await shop.stripe.charges.list()).data).toHaveLength(1);
});

test("an amount other than the expected one is not charged", async () => {
  const session = await shop.session();
  const params = { payment_method: "pm_card_visa", expected_amount: 1 };
  const path = `/v1/payment_pages/${session.id}/confirm`;
  expect((await refusal(shop.stripe.rawRequest("POST", path, params))).param).toBe("expected_amount");
  expect(await shop.stripe.rawRequest("GET", `/v1/payment_pages/${session.id}`)).toMatchObject({
    status: "open",
  });
});

test("the way the Stripe CLI pays works: a method made from a token, then a confirmation", async () => {
  const session = await shop.session();
  const method = await shop.stripe.paymentMethods.create({
    type: "card",
    card: { token: "tok_visa" },
    billing_details: { email: "stripe@example.com", name: "Jenny Rosen" },
  });
  await shop.confirm(session.id, method.id);
  const paid = await shop.stripe.checkout.sessions.retrieve(session.id);
  expect(paid.customer_details).toMatchObject({ email: "stripe@example.com", name: "Jenny Rosen" });
});

test("a session may make a customer, whose events come first", async () => {
  const session = await shop.session({ customer_creation: "always", customer_email: "new@example.com" });
  await shop.confirm(session.id);
  expect((await shop.types())[0]).toBe("customer.created");
  const { data } = shop.last("checkout.session.completed");
  expect(data.object.customer).toBe(shop.last("customer.created").data.object.id);
  expect(shop.last("charge.succeeded").data.object.customer).toBe(data.object.customer);
});

test("nothing to pay needs no card and leaves no payment", async () => {
  const free = {
    price_data: { currency: "inr", unit_amount: 0, product_data: { name: "free" } },
    quantity: 1,
  };
  const session = await shop.session({ line_items: [free] });
  await shop.stripe.rawRequest("POST", `/v1/payment_pages/${session.id}/confirm`, {});
  expect(await shop.types()).toEqual(["checkout.session.completed"]);
  const done = shop.last("checkout.session.completed").data.object;
  expect(done).toMatchObject({ payment_status: "no_payment_required", payment_intent: null });
});

test("a bank debit completes the session unpaid and pays it when the bank says so", async () => {
  const session = await shop.session();
  await shop.submit(session.id, { paymentMethod: "us_bank_account", bankAccount: "000123456789" });
  expect(await shop.types()).toEqual([
    "payment_intent.created",
    "payment_intent.processing",
    "charge.pending",
    "checkout.session.completed",
  ]);
  const completed = shop.last("checkout.session.completed").data.object;
  expect(completed).toMatchObject({ status: "complete", payment_status: "unpaid" });
  shop.forget();
  await shop.control(`payment_intents/${completed.payment_intent}/settle`, { outcome: "succeed" });
  expect(await shop.types()).toEqual([
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.async_payment_succeeded",
  ]);
  const settled = shop.last("checkout.session.async_payment_succeeded");
  expect(settled.data.object.payment_status).toBe("paid");
  expect(settled.request).toEqual({ id: null, idempotency_key: null });
});

test("a bank debit that fails leaves the session complete and unpaid", async () => {
  const session = await shop.session();
  await shop.submit(session.id, { paymentMethod: "us_bank_account", bankAccount: "000123456789" });
  const { payment_intent } = await shop.stripe.checkout.sessions.retrieve(session.id);
  await shop.types();
  shop.forget();
  await shop.control(`payment_intents/${payment_intent}/settle`, { outcome: "fail" });
  expect(await shop.types()).toEqual([
    "charge.failed",
    "payment_intent.payment_failed",
    "checkout.session.async_payment_failed",
  ]);
  const after = await shop.stripe.checkout.sessions.retrieve(session.id);
  expect(after).toMatchObject({ status: "complete", payment_status: "unpaid" });
  const again = await shop.control(`payment_intents/${payment_intent}/settle`, { outcome: "succeed" });
  expect(again).toMatchObject({ error: expect.stringContaining("not waiting") });
});

test("an open session expires when its time is over, and nobody asked for it", async () => {
  const soon = Math.floor(Date.now() / 1000) + 1800;
  const session = await shop.session({ expires_at: soon });
  await shop.advance(1700);
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
  await shop.advance(200);
  expect(await shop.types()).toEqual(["checkout.session.expired"]);
  const event = shop.last("checkout.session.expired");
  expect(event.request).toEqual({ id: null, idempotency_key: null });
  expect(event.created).toBe(soon);
  expect(event.data.object).toMatchObject({ status: "expired", payment_status: "unpaid", url: null });
});

test("a session expired by hand cancels the payment that a declined card left, and only once", async () => {
  const session = await shop.session();
  await refusal(shop.confirm(session.id, "pm_card_visa_chargeDeclined"));
  await shop.types();
  shop.forget();
  const expired = await shop.stripe.checkout.sessions.expire(session.id);
  expect(expired).toMatchObject({ status: "expired", url: null });
  expect(await shop.types()).toEqual(["checkout.session.expired", "payment_intent.canceled"]);
  expect(shop.last("checkout.session.expired").request?.id).toMatch(/^req_/);
  const error = await refusal(shop.stripe.checkout.sessions.expire(session.id));
  expect(error.message).toBe(
    'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `expired`.',
  );
  await shop.advance(2 * DAY);
  expect((await shop.types()).filter((type) => type === "checkout.session.expired")).toHaveLength(1);
});

test("a paid session does not expire", async () => {
  const session = await shop.session();
  await shop.confirm(session.id);
  await shop.advance(2 * DAY);
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).status).toBe("complete");
});
