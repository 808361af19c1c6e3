import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { Billing, DAY } from "./test-billing.ts";

let shop: TestShop;
let billing: Billing;
beforeEach(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
});
afterEach(() => shop.close());

const MONTH = 32 * DAY;
const RENEWED = ["customer.subscription.updated", "invoice.created"];
const COLLECTED = [
  "invoice.finalized",
  "charge.succeeded",
  "payment_intent.succeeded",
  "payment_intent.created",
  "invoice.paid",
  "invoice.payment_succeeded",
];

test("a subscription over the API is paid at once and told in Stripe's order", async () => {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id);
  expect(subscription).toMatchObject({ status: "active", items: { data: [{ quantity: 1 }] } });
  expect(await billing.types()).toEqual([
    "charge.succeeded",
    "customer.updated",
    "customer.subscription.created",
    "payment_intent.succeeded",
    "payment_intent.created",
    "invoice.created",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_succeeded",
  ]);
  const invoice = await billing.latestInvoice(subscription);
  expect(invoice).toMatchObject({
    amount_paid: 2_000,
    attempt_count: 1,
    billing_reason: "subscription_create",
    number: expect.stringMatching(/-0001$/),
    status: "paid",
  });
  expect(invoice.lines.data[0]).toMatchObject({
    amount: 2_000,
    description: "1 × Pro (at $20.00 / month)",
    parent: { subscription_item_details: { subscription: subscription.id, proration: false } },
  });
  await shop.advance(5);
  expect(await billing.types()).toEqual(["invoice_payment.paid"]);
});

test("a first card that is declined leaves the subscription incomplete, until 23 hours have passed", async () => {
  const customer = await billing.customer("pm_card_chargeCustomerFail");
  const subscription = await billing.subscribe(customer.id);
  expect(subscription.status).toBe("incomplete");
  expect(await billing.types()).toEqual([
    "charge.failed",
    "customer.updated",
    "customer.subscription.created",
    "payment_intent.created",
    "payment_intent.payment_failed",
    "invoice.created",
    "invoice.finalized",
    "invoice.payment_failed",
  ]);
  await shop.advance(22 * 3_600);
  expect(await billing.types()).toEqual([]);
  await shop.advance(2 * 3_600);
  expect(await billing.types()).toEqual([
    "customer.subscription.updated",
    "invoice.voided",
    "payment_intent.canceled",
  ]);
  const expired = await shop.stripe.subscriptions.retrieve(subscription.id);
  expect(expired.status).toBe("incomplete_expired");
  expect((await billing.latestInvoice(expired)).status).toBe("void");
});

test("with error_if_incomplete a declined card leaves nothing behind", async () => {
  const customer = await billing.customer("pm_card_chargeCustomerFail");
  const error = await refusal(billing.subscribe(customer.id, { payment_behavior: "error_if_incomplete" }));
  expect(error).toMatchObject({ statusCode: 402, code: "card_declined", decline_code: "generic_decline" });
  expect(await billing.types()).toEqual([]);
  expect((await shop.stripe.subscriptions.list({ status: "all" })).data).toEqual([]);
});

test("without any means of payment the API refuses", async () => {
  const customer = await shop.stripe.customers.create({});
  const error = await refusal(billing.subscribe(customer.id));
  expect(error).toMatchObject({ statusCode: 400, code: "resource_missing" });
  expect(error.message).toContain("This customer has no attached payment source or default payment method.");
});

test("with default_incomplete the payment waits for its confirmation, which makes the subscription active", async () => {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id, {
    payment_behavior: "default_incomplete",
    expand: ["latest_invoice.confirmation_secret", "latest_invoice.payments"],
  });
  expect(subscription.status).toBe("incomplete");
  const invoice = subscription.latest_invoice;
  if (typeof invoice !== "object" || !invoice) throw new Error("the invoice was not expanded");
  const secret = invoice.confirmation_secret?.client_secret ?? "";
  expect(secret).toMatch(/^pi_\w+_secret_/);
  const intent = secret.split("_secret_")[0] ?? "";
  expect(invoice.payments?.data[0]).toMatchObject({ payment: { payment_intent: intent }, status: "open" });
  expect(await billing.types()).toEqual([
    "customer.updated",
    "customer.subscription.created",
    "payment_intent.created",
    "invoice.created",
    "invoice.finalized",
  ]);
  await shop.stripe.paymentIntents.confirm(intent, { payment_method: "pm_card_visa" });
  expect(await billing.types()).toEqual([
    "payment_method.attached",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice.paid",
    "invoice.payment_succeeded",
    "customer.subscription.updated",
  ]);
  expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  const links = await shop.stripe.invoicePayments.list({
    payment: { type: "payment_intent", payment_intent: intent },
  });
  expect(links.data[0]).toMatchObject({ invoice: invoice.id, status: "paid", amount_paid: 2_000 });
});

test("a renewal is announced, drafted at the boundary and charged an hour later", async () => {
  const customer = await billing.customer();
  const { id, items } = await billing.subscribe(customer.id);
  await billing.settled();
  const end = items.data[0]?.current_period_end ?? 0;
  await billing.until(end - 6 * DAY);
  expect(await billing.types(false)).toEqual(["invoice.upcoming"]);
  const upcoming = shop.last("invoice.upcoming").data.object;
  expect(upcoming).toMatchObject({ amount_due: 2_000, billing_reason: "upcoming" });
  expect(upcoming).not.toHaveProperty("id");
  shop.forget();
  await billing.until(end + 60);
  expect(await billing.types(false)).toEqual(RENEWED);
  const renewed = shop.last("customer.subscription.updated").data;
  expect(renewed.previous_attributes).toMatchObject({
    items: { data: [{ current_period_end: end }] },
    latest_invoice: expect.stringMatching(/^in_/),
  });
  const draft = shop.last("invoice.created").data.object;
  expect(draft).toMatchObject({ billing_reason: "subscription_cycle", status: "draft" });
  expect((draft.automatically_finalizes_at ?? 0) - draft.created).toBe(3_601);
  expect((draft.next_payment_attempt ?? 0) - draft.created).toBe(3_600);
  shop.forget();
  await shop.advance(3_600);
  expect(await billing.types()).toEqual([...COLLECTED, "invoice_payment.paid"]);
  const after = await shop.stripe.subscriptions.retrieve(id);
  expect(after).toMatchObject({ status: "active", items: { data: [{ current_period_start: end }] } });
  expect(await billing.latestInvoice(after)).toMatchObject({
    status: "paid",
    number: expect.stringMatching(/2$/),
  });
});

test("one leap over a year renews twelve times, each in its order and at its own moment", async () => {
  const customer = await billing.customer();
  const { id } = await billing.subscribe(customer.id);
  await billing.settled();
  await shop.advance(366 * DAY);
  const types = await billing.types(false);
  const oneMonth = ["invoice.upcoming", ...RENEWED, ...COLLECTED, "invoice_payment.paid"];
  expect(types.slice(0, 12 * oneMonth.length)).toEqual(Array.from({ length: 12 }, () => oneMonth).flat());
  const moments = shop.received.map(({ event }) => event.created);
  expect(moments).toEqual([...moments].sort((one, other) => one - other));
  const paid = await shop.stripe.invoices.list({ subscription: id, status: "paid", limit: 100 });
  expect(paid.data).toHaveLength(13);
});

test("a renewal that fails is tried again, falls behind, and is right again with a new card", async () => {
  const { subscription, customer } = await billing.behind();
  expect(await billing.types(false)).toEqual([
    "invoice.upcoming",
    ...RENEWED,
    "invoice.finalized",
    "charge.failed",
    "payment_intent.created",
    "payment_intent.payment_failed",
    "invoice.payment_failed",
    "customer.subscription.updated",
  ]);
  const change = shop.last("customer.subscription.updated").data;
  expect(change.previous_attributes).toEqual({ status: "active" });
  expect(change.object.status).toBe("past_due");
  shop.forget();
  await shop.advance(3 * DAY);
  expect(await billing.types()).toEqual([
    "charge.failed",
    "payment_intent.payment_failed",
    "invoice.payment_failed",
  ]);
  const open = await billing.latestInvoice(await shop.stripe.subscriptions.retrieve(subscription.id));
  expect(open).toMatchObject({ attempt_count: 2, status: "open", amount_remaining: 2_000 });
  expect(open.next_payment_attempt).toBeGreaterThan(open.created);
  await billing.newCard(customer.id);
  await billing.types();
  await shop.stripe.invoices.pay(open.id);
  expect(await billing.types()).toEqual([
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice.paid",
    "invoice.payment_succeeded",
    "customer.subscription.updated",
  ]);
  expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  expect((await refusal(shop.stripe.invoices.pay(open.id))).message).toBe("Invoice is already paid");
});

test.each([
  ["cancel", "canceled", "customer.subscription.deleted"],
  ["unpaid", "unpaid", "customer.subscription.updated"],
  ["past_due", "past_due", undefined],
] as const)("when the retries are over and the rule is %s, it is %s", async (rule, status, event) => {
  await shop.control("billing", { after_retries: rule, retries: [DAY, 2 * DAY] });
  const { subscription } = await billing.behind();
  await billing.types();
  await shop.advance(4 * DAY);
  const failed = ["charge.failed", "payment_intent.payment_failed", "invoice.payment_failed"];
  expect(await billing.types(false)).toEqual([...failed, ...failed, ...(event ? [event] : [])]);
  const ended = await shop.stripe.subscriptions.retrieve(subscription.id);
  expect(ended.status).toBe(status);
  if (rule === "cancel") expect(ended.cancellation_details?.reason).toBe("payment_failed");
  const { data } = await shop.stripe.invoices.list({ subscription: subscription.id });
  expect(data[0]).toMatchObject({ status: "open", attempt_count: 3, next_payment_attempt: null });
});

test("an unpaid subscription's next invoices stay drafts, and paying the latest makes it active", async () => {
  await shop.control("billing", { after_retries: "unpaid", retries: [] });
  const { subscription, customer } = await billing.behind();
  await shop.advance(MONTH);
  const unpaid = await shop.stripe.subscriptions.retrieve(subscription.id);
  const draft = await billing.latestInvoice(unpaid);
  expect([unpaid.status, draft.status, draft.auto_advance]).toEqual(["unpaid", "draft", false]);
  await billing.newCard(customer.id);
  await shop.stripe.invoices.pay(draft.id);
  expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
});

test("a renewal whose bank wants to ask its customer waits for them", async () => {
  const { subscription } = await billing.behind("pm_card_authenticationRequired");
  expect((await billing.types(false)).slice(3)).toEqual([
    "invoice.finalized",
    "payment_intent.requires_action",
    "payment_intent.created",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "customer.subscription.updated",
  ]);
  expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe("past_due");
});

test("a trial is announced three days before its end, and then charged", async () => {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id, { trial_period_days: 14 });
  expect(subscription).toMatchObject({ status: "trialing", billing_cycle_anchor: subscription.trial_end });
  expect(await billing.types()).toEqual([
    "customer.updated",
    "customer.subscription.created",
    "invoice.created",
    "invoice.finalized",
    "invoice.paid",
    "invoice.payment_succeeded",
  ]);
  await billing.until((subscription.trial_end ?? 0) - 3 * DAY + 60);
  expect(await billing.types()).toEqual(["invoice.upcoming", "customer.subscription.trial_will_end"]);
  await billing.until((subscription.trial_end ?? 0) + 4_000);
  expect(await billing.types(false)).toEqual([...RENEWED, ...COLLECTED, "invoice_payment.paid"]);
  const change = shop.last("customer.subscription.updated").data;
  expect(change.previous_attributes).toMatchObject({ status: "trialing" });
  expect(change.object.status).toBe("active");
});

test("a short trial is announced at once", async () => {
  const customer = await billing.customer();
  await billing.subscribe(customer.id, { trial_period_days: 2 });
  await shop.advance(0);
  expect((await billing.types()).at(-1)).toBe("customer.subscription.trial_will_end");
});

test("a trial that is made longer is announced once, before its new end", async () => {
  const customer = await billing.customer();
  const { id, trial_end: end } = await billing.subscribe(customer.id, { trial_period_days: 10 });
  const later = (end ?? 0) + 20 * DAY;
  await shop.stripe.subscriptions.update(id, { trial_end: later });
  // A change that plans the same period a second time.
  await shop.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  await shop.stripe.subscriptions.update(id, { cancel_at_period_end: false });
  await billing.types();
  await billing.until(later - 8 * DAY);
  expect(await billing.types()).toEqual([]);
  await billing.until(later - 60);
  expect(await billing.types()).toEqual(["invoice.upcoming", "customer.subscription.trial_will_end"]);
});

test.each([
  ["cancel", "canceled", ["customer.subscription.deleted"]],
  ["pause", "paused", ["customer.subscription.paused"]],
  ["create_invoice", "past_due", undefined],
] as const)(
  "a trial that ends without a card and with %s is %s",
  async (missing_payment_method, status, events) => {
    const customer = await shop.stripe.customers.create({});
    const subscription = await billing.subscribe(customer.id, {
      trial_period_days: 5,
      trial_settings: { end_behavior: { missing_payment_method } },
    });
    await billing.until((subscription.trial_end ?? 0) - 60);
    await billing.types();
    await shop.advance(4_000);
    const types = await billing.types();
    if (events) expect(types).toEqual(events);
    else expect(types.slice(-2)).toEqual(["invoice.payment_failed", "customer.subscription.updated"]);
    expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe(status);
  },
);

test("a subscription that is to end with its period is deleted there and not renewed", async () => {
  const customer = await billing.customer();
  const { id, items } = await billing.subscribe(customer.id);
  await billing.settled();
  const end = items.data[0]?.current_period_end ?? 0;
  await shop.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  expect(await billing.types(false)).toEqual(["customer.subscription.updated"]);
  expect(shop.last("customer.subscription.updated").data).toMatchObject({
    object: { status: "active", cancel_at: end, cancel_at_period_end: true },
    previous_attributes: { cancel_at: null, cancel_at_period_end: false, canceled_at: null },
  });
  shop.forget();
  await billing.until(end + 7_200);
  expect(await billing.types()).toEqual(["customer.subscription.deleted"]);
  expect((await shop.stripe.invoices.list({ subscription: id })).data).toHaveLength(1);
});

test("collection that is paused makes drafts, or voids them, and goes on at its hour", async () => {
  const customer = await billing.customer();
  const { id } = await billing.subscribe(customer.id);
  const now = Math.floor(Date.now() / 1000);
  await shop.stripe.subscriptions.update(id, {
    pause_collection: { behavior: "void", resumes_at: now + 40 * DAY },
  });
  await billing.settled();
  await shop.advance(MONTH);
  expect((await billing.types()).slice(-4)).toEqual([...RENEWED, "invoice.finalized", "invoice.voided"]);
  await shop.advance(10 * DAY);
  expect(await billing.types()).toEqual(["customer.subscription.updated"]);
  expect((await shop.stripe.subscriptions.retrieve(id)).pause_collection).toBeNull();
});

test("a paused subscription is not renewed, and begins anew when it is resumed", async () => {
  const customer = await billing.customer();
  const { id } = await billing.subscribe(customer.id);
  await billing.settled();
  const paused = await shop.stripe.subscriptions.pause(id);
  expect(paused).toMatchObject({
    status: "paused",
    status_details: { paused: { subscription: { type: "pause_requested" } } },
  });
  await shop.advance(3 * MONTH);
  expect(await billing.types()).toEqual(["customer.subscription.paused"]);
  const resumed = await shop.stripe.subscriptions.resume(id);
  expect(resumed).toMatchObject({ status: "active" });
  expect(resumed).not.toHaveProperty("status_details");
  expect(await billing.types()).toEqual([
    "customer.subscription.resumed",
    "invoice.created",
    "invoice.finalized",
    "charge.succeeded",
    "payment_intent.succeeded",
    "payment_intent.created",
    "invoice.paid",
    "invoice.payment_succeeded",
  ]);
  expect((await refusal(shop.stripe.subscriptions.resume(id))).message).toContain("not paused");
});

test("lists are filtered by status, customer and price; a canceled one takes metadata only", async () => {
  const customer = await billing.customer();
  const first = await billing.subscribe(customer.id);
  const second = await billing.subscribe(customer.id);
  await shop.stripe.subscriptions.cancel(first.id, { cancellation_details: { feedback: "unused" } });
  const ids = async (params: Stripe.SubscriptionListParams) =>
    (await shop.stripe.subscriptions.list(params)).data.map(({ id }) => id);
  expect(await ids({})).toEqual([second.id]);
  expect(await ids({ status: "all", customer: customer.id })).toEqual([second.id, first.id]);
  expect(await ids({ status: "ended" })).toEqual([first.id]);
  expect(await ids({ status: "all", price: billing.price.id })).toHaveLength(2);
  await shop.stripe.subscriptions.update(first.id, { metadata: { why: "moved" } });
  const error = await refusal(shop.stripe.subscriptions.update(first.id, { description: "again" }));
  expect(error.code).toBe("invalid_canceled_subscription_fields");
});

test("lists are narrowed by any item's price, by the ends of periods and of terms to pay, and by automatic tax", async () => {
  const customer = await billing.customer();
  const seat = await billing.priceOf(500);
  const { id, items } = await billing.subscribe(customer.id);
  await shop.stripe.subscriptions.update(id, { items: [{ price: seat.id }] });
  const end = items.data[0]?.current_period_end ?? 0;
  const ids = async (params: Stripe.SubscriptionListParams) =>
    (await shop.stripe.subscriptions.list(params)).data.map((found) => found.id);
  expect(await ids({ price: seat.id })).toEqual([id]);
  expect(await ids({ price: billing.price.id })).toEqual([id]);
  expect(await ids({ current_period_end: { lte: end } })).toEqual([id]);
  expect(await ids({ current_period_end: { lt: end } })).toEqual([]);
  expect(await ids({ current_period_start: end })).toEqual([]);
  expect(await ids({ automatic_tax: { enabled: false } })).toEqual([id]);
  expect(await ids({ automatic_tax: { enabled: true } })).toEqual([]);
  const sent = { collection_method: "send_invoice", customer: customer.id, days_until_due: 10 } as const;
  const draft = await shop.stripe.invoices.create(sent);
  await shop.stripe.invoices.addLines(draft.id, { lines: [{ amount: 900 }] });
  const { due_date } = await shop.stripe.invoices.finalizeInvoice(draft.id);
  const due = async (range: Stripe.RangeQueryParam) =>
    (await shop.stripe.invoices.list({ due_date: range })).data.map((found) => found.id);
  expect(await due({ gte: due_date ?? 0 })).toEqual([draft.id]);
  expect(await due({ lt: due_date ?? 0 })).toEqual([]);
});

test("a renewal's debt that is written off no longer keeps its subscription behind", async () => {
  const customer = await billing.customer();
  const { id } = await billing.subscribe(customer.id);
  await billing.newCard(customer.id, "pm_card_chargeCustomerFail");
  await shop.advance(MONTH);
  const behind = await shop.stripe.subscriptions.retrieve(id);
  expect(behind.status).toBe("past_due");
  const { id: debt } = await billing.latestInvoice(behind);
  await shop.stripe.invoices.markUncollectible(debt);
  expect((await shop.stripe.subscriptions.retrieve(id)).status).toBe("active");
  expect((await billing.types()).slice(-2)).toEqual([
    "invoice.marked_uncollectible",
    "customer.subscription.updated",
  ]);
});

test("a day of the month is the anchor, and the time before it is a part of a period", async () => {
  const start = Date.UTC(2027, 0, 10, 9, 30, 15) / 1000;
  const clock = await shop.stripe.testHelpers.testClocks.create({ frozen_time: start });
  const customer = await billing.customer("pm_card_visa", { test_clock: clock.id });
  const at = (...moment: [number, number, number, number, number]) => Date.UTC(...moment) / 1000;
  const last = await billing.subscribe(customer.id, { billing_cycle_anchor_config: { day_of_month: 31 } });
  expect(last).toMatchObject({
    billing_cycle_anchor: at(2027, 0, 31, 9, 30) + 15,
    billing_cycle_anchor_config: { day_of_month: 31, hour: null, minute: null, month: null, second: null },
  });
  expect((await billing.latestInvoice(last)).amount_paid).toBe(Math.floor((2_000 * 21) / 31));
  const exact = { day_of_month: 5, hour: 12, minute: 0, month: 4, second: 0 };
  const yearly = await billing.priceOf(12_000, "year");
  const spring = await billing.subscribe(customer.id, {
    billing_cycle_anchor_config: exact,
    items: [{ price: yearly.id }],
  });
  expect(spring.billing_cycle_anchor).toBe(at(2027, 3, 5, 12, 0));
  expect(spring.items.data[0]?.current_period_end).toBe(at(2027, 3, 5, 12, 0));
  const both = billing.subscribe(customer.id, {
    billing_cycle_anchor: start + DAY,
    billing_cycle_anchor_config: exact,
  });
  expect((await refusal(both)).param).toBe("billing_cycle_anchor_config");
});

test("what waits to be billed is billed as often as the subscription says", async () => {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id, {
    pending_invoice_item_interval: { interval: "week" },
  });
  const due = subscription.next_pending_invoice_item_invoice ?? 0;
  expect(subscription.pending_invoice_item_interval).toEqual({ interval: "week", interval_count: 1 });
  expect(due - subscription.start_date).toBe(7 * DAY);
  await shop.stripe.invoiceItems.create({
    amount: 650,
    currency: "usd",
    customer: customer.id,
    subscription: subscription.id,
  });
  await billing.until(due + 4_000);
  const after = await shop.stripe.subscriptions.retrieve(subscription.id);
  expect(after.next_pending_invoice_item_invoice).toBe(due + 7 * DAY);
  expect(await billing.latestInvoice(after)).toMatchObject({ amount_paid: 650, status: "paid" });
  const count = async () => (await shop.stripe.invoices.list({ customer: customer.id })).data.length;
  const before = await count();
  await billing.until(due + 8 * DAY);
  expect(await count()).toBe(before);
  const off = await shop.stripe.subscriptions.update(subscription.id, { pending_invoice_item_interval: "" });
  expect(off).toMatchObject({ next_pending_invoice_item_invoice: null, pending_invoice_item_interval: null });
});
