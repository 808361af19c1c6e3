import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop.close());

const DAY = 86_400;

test("a subscription's purchase is told in Stripe's order, completion before creation", async () => {
  const session = await shop.plan();
  await shop.confirm(session.id);
  expect(await shop.types()).toEqual([
    "customer.created",
    "charge.succeeded",
    "payment_method.attached",
    "checkout.session.completed",
    "customer.updated",
    "customer.subscription.created",
    "payment_intent.succeeded",
    "payment_intent.created",
    "invoice.created",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_succeeded",
  ]);
  shop.forget();
  await shop.advance(5);
  expect(new Set(await shop.types())).toEqual(new Set(["charge.updated", "invoice_payment.paid"]));
});

test("session, subscription, invoice and payment name each other", async () => {
  const session = await shop.plan({
    subscription_data: { metadata: { order_id: "o-1" } },
    metadata: { only: "here" },
  });
  await shop.confirm(session.id);
  const paid = await shop.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["subscription", "invoice"],
  });
  expect(paid).toMatchObject({
    payment_intent: null,
    payment_status: "paid",
    subscription: {
      status: "active",
      metadata: { order_id: "o-1" },
      items: { data: [{ quantity: 3, price: { unit_amount: 99_900 } }] },
      billing_mode: { type: "flexible" },
    },
    invoice: {
      status: "paid",
      billing_reason: "subscription_create",
      amount_paid: 299_700,
      amount_remaining: 0,
      number: expect.stringMatching(/^[0-9A-Z]{8}-0001$/),
      parent: { subscription_details: { metadata: { order_id: "o-1" } } },
      lines: { data: [{ quantity: 3, amount: 299_700 }] },
    },
  });
  const invoiceId = typeof paid.invoice === "string" ? paid.invoice : (paid.invoice?.id ?? "");
  const [link] = (await shop.stripe.invoicePayments.list({ invoice: invoiceId })).data;
  const intent = String(link?.payment.payment_intent);
  const back = await shop.stripe.invoicePayments.list({
    payment: { type: "payment_intent", payment_intent: intent },
  });
  expect(back.data.map(({ invoice }) => invoice)).toEqual([invoiceId]);
});

test("a period of a month ends on the same day of the next", async () => {
  const session = await shop.plan();
  await shop.confirm(session.id);
  const [subscription] = (await shop.stripe.subscriptions.list()).data;
  const item = subscription?.items.data[0];
  const days = ((item?.current_period_end ?? 0) - (item?.current_period_start ?? 0)) / DAY;
  expect([28, 29, 30, 31]).toContain(days);
  expect(subscription).not.toHaveProperty("current_period_end");
});

test("a declined card leaves neither subscription nor invoice nor customer, and the next one pays", async () => {
  const session = await shop.plan();
  await refusal(shop.confirm(session.id, "pm_card_visa_chargeDeclined"));
  expect(await shop.types()).toEqual([
    "charge.failed",
    "payment_intent.created",
    "payment_intent.payment_failed",
  ]);
  expect((await shop.stripe.subscriptions.list({ status: "all" })).data).toEqual([]);
  expect((await shop.stripe.invoices.list()).data).toEqual([]);
  await shop.confirm(session.id);
  const intents = (await shop.types()).filter((type) => type === "payment_intent.created");
  expect(intents).toHaveLength(1);
  expect((await shop.stripe.subscriptions.list()).data).toHaveLength(1);
});

test("a trial saves the card, charges nothing and starts trialing", async () => {
  const session = await shop.plan({ subscription_data: { trial_period_days: 7 } });
  await shop.confirm(session.id);
  expect(await shop.types()).toEqual([
    "customer.created",
    "payment_method.attached",
    "setup_intent.succeeded",
    "setup_intent.created",
    "checkout.session.completed",
    "customer.updated",
    "invoice.created",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_succeeded",
    "customer.subscription.created",
  ]);
  const completed = shop.last("checkout.session.completed").data.object;
  expect(completed).toMatchObject({ payment_status: "no_payment_required", payment_intent: null });
  const subscription = shop.last("customer.subscription.created").data.object;
  expect(subscription).toMatchObject({ status: "trialing", trial_end: subscription.created + 7 * DAY });
  expect(shop.last("invoice.paid").data.object.amount_due).toBe(0);
  expect((await shop.stripe.charges.list()).data).toEqual([]);
});

test("a trial without a card asks for none", async () => {
  const session = await shop.plan({
    payment_method_collection: "if_required",
    subscription_data: { trial_period_days: 7 },
  });
  await shop.stripe.rawRequest("POST", `/v1/payment_pages/${session.id}/confirm`, {});
  expect(await shop.types()).not.toContain("setup_intent.created");
  expect(shop.last("customer.subscription.created").data.object.default_payment_method).toBeNull();
});

test("a subscription canceled at once is over, and can't be canceled twice", async () => {
  const session = await shop.plan();
  await shop.confirm(session.id);
  const [{ id } = { id: "" }] = (await shop.stripe.subscriptions.list()).data;
  const canceled = await shop.stripe.subscriptions.cancel(id);
  expect(canceled).toMatchObject({
    status: "canceled",
    cancellation_details: { reason: "cancellation_requested" },
  });
  expect(canceled.ended_at).toBe(canceled.canceled_at);
  expect((await shop.types()).at(-1)).toBe("customer.subscription.deleted");
  expect((await refusal(shop.stripe.subscriptions.cancel(id))).statusCode).toBe(404);
  expect((await shop.stripe.subscriptions.list()).data).toEqual([]);
  expect((await shop.stripe.subscriptions.list({ status: "all" })).data).toHaveLength(1);
  expect((await shop.stripe.subscriptions.retrieve(id)).status).toBe("canceled");
});

test("a subscription set to end with its period goes on until then", async () => {
  const session = await shop.plan();
  await shop.confirm(session.id);
  const [{ id } = { id: "" }] = (await shop.stripe.subscriptions.list()).data;
  await shop.types();
  shop.forget();
  const set = await shop.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  expect(set).toMatchObject({ status: "active", cancel_at: set.items.data[0]?.current_period_end });
  await shop.types();
  expect(shop.last("customer.subscription.updated").data.previous_attributes).toMatchObject({
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
  });
  await shop.advance(32 * DAY);
  await shop.types();
  const ended = shop.last("customer.subscription.deleted");
  expect(ended.data.object).toMatchObject({ id, status: "canceled", ended_at: set.cancel_at });
});

test("a cancellation that is taken back does not happen", async () => {
  const session = await shop.plan();
  await shop.confirm(session.id);
  const [{ id } = { id: "" }] = (await shop.stripe.subscriptions.list()).data;
  await shop.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  const kept = await shop.stripe.subscriptions.update(id, { cancel_at_period_end: false });
  expect(kept).toMatchObject({ cancel_at: null, canceled_at: null, cancel_at_period_end: false });
  await shop.advance(32 * DAY);
  expect((await shop.stripe.subscriptions.retrieve(id)).status).toBe("active");
});
