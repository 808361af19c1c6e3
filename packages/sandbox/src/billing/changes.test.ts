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

/** Ten of thirty days are over. */
async function tenDaysIn(price?: string) {
  const clock = await shop.stripe.testHelpers.testClocks.create({ frozen_time: seconds("2026-09-01") });
  const customer = await billing.customer("pm_card_visa", { test_clock: clock.id });
  const subscription = await billing.subscribe(customer.id, price ? { items: [{ price }] } : {});
  await advance(clock.id, seconds("2026-09-11"));
  await billing.settled();
  return { clock: clock.id, customer, item: subscription.items.data[0]?.id ?? "", subscription };
}

const seconds = (iso: string) => Date.parse(iso) / 1000;

async function advance(clock: string, frozen_time: number): Promise<void> {
  await shop.stripe.testHelpers.testClocks.advance(clock, { frozen_time });
  await shop.advance(0);
}

test("a change of quantity credits the whole item and charges it anew, on the next invoice", async () => {
  const { clock, customer, item, subscription } = await tenDaysIn();
  const changed = await shop.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, quantity: 2 }],
  });
  expect(changed.items.data).toMatchObject([{ id: item, quantity: 2 }]);
  expect(await billing.types(false)).toEqual([
    "invoiceitem.created",
    "invoiceitem.created",
    "customer.subscription.updated",
  ]);
  expect(shop.last("customer.subscription.updated").data.previous_attributes).toMatchObject({
    items: { data: [{ id: item, quantity: 1 }] },
  });
  const pending = await shop.stripe.invoiceItems.list({ customer: customer.id, pending: true });
  expect(pending.data.map(({ amount, description }) => [amount, description])).toEqual([
    [2_666, "Remaining time on 2 × Pro after 11 Sep 2026"],
    [-1_334, "Unused time on Pro after 11 Sep 2026"],
  ]);
  shop.forget();
  await advance(clock, seconds("2026-10-01T02:00:00Z"));
  const renewed = await billing.latestInvoice(await shop.stripe.subscriptions.retrieve(subscription.id));
  expect(renewed).toMatchObject({ status: "paid", amount_paid: 4_000 + 2_666 - 1_334 });
  expect(renewed.lines.data.map(({ amount }) => amount)).toEqual([-1_334, 2_666, 4_000]);
  expect((await shop.stripe.invoiceItems.list({ pending: true })).data).toEqual([]);
});

test("always_invoice bills the change at once", async () => {
  const { item, subscription } = await tenDaysIn();
  const dearer = await billing.priceOf(5_000);
  await billing.types();
  const changed = await shop.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: dearer.id }],
    proration_behavior: "always_invoice",
  });
  expect(await billing.types()).toEqual([
    "invoiceitem.created",
    "invoiceitem.created",
    "customer.subscription.updated",
    "invoice.created",
    "invoice.finalized",
    "charge.succeeded",
    "payment_intent.succeeded",
    "payment_intent.created",
    "invoice.paid",
    "invoice.payment_succeeded",
  ]);
  expect(await billing.latestInvoice(changed)).toMatchObject({
    amount_paid: 3_333 - 1_334,
    billing_reason: "subscription_update",
    status: "paid",
  });
});

test("always_invoice with a card that declines leaves the subscription behind; error_if_incomplete undoes it", async () => {
  const { customer, item, subscription } = await tenDaysIn();
  await billing.newCard(customer.id, "pm_card_chargeCustomerFail");
  await billing.types();
  const change: Stripe.SubscriptionUpdateParams = {
    items: [{ id: item, quantity: 3 }],
    proration_behavior: "always_invoice",
  };
  const error = await refusal(
    shop.stripe.subscriptions.update(subscription.id, { ...change, payment_behavior: "error_if_incomplete" }),
  );
  expect(error.statusCode).toBe(402);
  expect(await billing.types()).toEqual([]);
  const behind = await shop.stripe.subscriptions.update(subscription.id, change);
  expect(behind).toMatchObject({ status: "past_due", items: { data: [{ quantity: 3 }] } });
  expect((await billing.types()).slice(-2)).toEqual([
    "invoice.payment_failed",
    "customer.subscription.updated",
  ]);
});

test("with default_incomplete a change waits for its customer to pay", async () => {
  const { item, subscription } = await tenDaysIn();
  const changed = await shop.stripe.subscriptions.update(subscription.id, {
    expand: ["latest_invoice.confirmation_secret"],
    items: [{ id: item, quantity: 3 }],
    payment_behavior: "default_incomplete",
    proration_behavior: "always_invoice",
  });
  expect(changed.status).toBe("past_due");
  const invoice = typeof changed.latest_invoice === "object" ? changed.latest_invoice : null;
  const intent = invoice?.confirmation_secret?.client_secret.split("_secret_")[0] ?? "";
  await shop.stripe.paymentIntents.confirm(intent, { payment_method: "pm_card_visa" });
  expect((await shop.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
});

test("a cheaper price leaves credit, which the next invoice uses up", async () => {
  const { clock, customer, item, subscription } = await tenDaysIn();
  const cheaper = await billing.priceOf(500);
  const changed = await shop.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: cheaper.id }],
    proration_behavior: "always_invoice",
  });
  const credit = await billing.latestInvoice(changed);
  expect(credit).toMatchObject({ amount_due: 0, ending_balance: -1_001, status: "paid", total: -1_001 });
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -1_001 });
  await advance(clock, seconds("2026-10-01T02:00:00Z"));
  const renewed = await billing.latestInvoice(await shop.stripe.subscriptions.retrieve(subscription.id));
  expect(renewed).toMatchObject({
    amount_due: 0,
    ending_balance: -501,
    starting_balance: -1_001,
    total: 500,
  });
});

test("with none nothing is billed for the change, and a price of another rhythm begins its period now", async () => {
  const { item, subscription } = await tenDaysIn();
  await shop.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, quantity: 5 }],
    proration_behavior: "none",
  });
  expect(await billing.types()).toEqual(["customer.subscription.updated"]);
  const yearly = await billing.priceOf(20_000, "year");
  await billing.types();
  const changed = await shop.stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: yearly.id, quantity: 1 }],
  });
  expect(changed).toMatchObject({
    billing_cycle_anchor: seconds("2026-09-11"),
    items: {
      data: [{ current_period_end: seconds("2027-09-11"), current_period_start: seconds("2026-09-11") }],
    },
  });
  const invoice = await billing.latestInvoice(changed);
  // 5 × $20 for the twenty days that are left, given back.
  expect(invoice.lines.data.map(({ amount }) => amount)).toEqual([-6_667, 20_000]);
});

test("items are added, changed and taken away, but never the last", async () => {
  const { item, subscription } = await tenDaysIn();
  const extra = await billing.priceOf(900);
  const added = await shop.stripe.subscriptionItems.create({
    price: extra.id,
    quantity: 2,
    subscription: subscription.id,
  });
  expect((await shop.stripe.subscriptionItems.list({ subscription: subscription.id })).data).toHaveLength(2);
  await shop.stripe.subscriptionItems.update(added.id, { quantity: 3, metadata: { seat: "b" } });
  expect(await shop.stripe.subscriptionItems.retrieve(added.id)).toMatchObject({
    current_period_end: seconds("2026-10-01"),
    metadata: { seat: "b" },
    quantity: 3,
  });
  expect(await shop.stripe.subscriptionItems.del(item)).toMatchObject({ deleted: true, id: item });
  expect((await refusal(shop.stripe.subscriptionItems.retrieve(item))).statusCode).toBe(404);
  const error = await refusal(shop.stripe.subscriptionItems.del(added.id));
  expect(error.message).toBe("A subscription must have at least one active plan.");
});

test("a trial can be ended now, which charges now, and can be made longer", async () => {
  const customer = await billing.customer();
  const { id, trial_end } = await billing.subscribe(customer.id, { trial_period_days: 14 });
  const longer = await shop.stripe.subscriptions.update(id, { trial_end: (trial_end ?? 0) + 7 * DAY });
  expect(longer).toMatchObject({ status: "trialing", billing_cycle_anchor: (trial_end ?? 0) + 7 * DAY });
  await billing.types();
  const active = await shop.stripe.subscriptions.update(id, { trial_end: "now" });
  expect(active.status).toBe("active");
  expect(await billing.types()).toEqual([
    "customer.subscription.updated",
    "customer.subscription.trial_will_end",
    "invoice.created",
    "invoice.finalized",
    "charge.succeeded",
    "payment_intent.succeeded",
    "payment_intent.created",
    "invoice.paid",
    "invoice.payment_succeeded",
  ]);
  const cardless = await shop.stripe.customers.create({});
  const trial = await billing.subscribe(cardless.id, { trial_period_days: 14 });
  const error = await refusal(shop.stripe.subscriptions.update(trial.id, { trial_end: "now" }));
  expect(error).toMatchObject({ statusCode: 400, code: "resource_missing" });
});

test("a canceled subscription can give its unused time back", async () => {
  const { customer, subscription } = await tenDaysIn();
  const canceled = await shop.stripe.subscriptions.cancel(subscription.id, {
    invoice_now: true,
    prorate: true,
  });
  expect(canceled).toMatchObject({
    status: "canceled",
    cancellation_details: { reason: "cancellation_requested" },
  });
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -1_334 });
  expect(await refusal(shop.stripe.subscriptions.cancel(subscription.id))).toMatchObject({ statusCode: 404 });
});

test("a coupon is on as many invoices as it says, and prorations count it in", async () => {
  const customer = await billing.customer();
  const once = await shop.stripe.coupons.create({ duration: "once", percent_off: 25 });
  const { id } = await billing.subscribe(customer.id, { discounts: [{ coupon: once.id }] });
  const first = await billing.latestInvoice(await shop.stripe.subscriptions.retrieve(id));
  expect(first).toMatchObject({ amount_paid: 1_500, subtotal: 2_000, total: 1_500 });
  expect(first.total_discount_amounts).toMatchObject([{ amount: 500 }]);
  await shop.advance(33 * DAY);
  const second = await shop.stripe.subscriptions.retrieve(id);
  expect(second.discounts).toEqual([]);
  expect((await billing.latestInvoice(second)).total).toBe(2_000);
});

test("a preview says what a change would cost and changes nothing", async () => {
  const { item, subscription } = await tenDaysIn();
  const preview = await shop.stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: { items: [{ id: item, quantity: 2 }] },
  });
  expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-1_334, 2_666, 4_000]);
  expect(preview).toMatchObject({ amount_due: 5_332, id: expect.stringMatching(/^upcoming_in_/) });
  expect((await shop.stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.quantity).toBe(1);
  expect((await shop.stripe.invoiceItems.list({ pending: true })).data).toEqual([]);
  expect(await billing.types()).toEqual([]);
});

test("a preview of what would be billed now counts the customer's balance in once", async () => {
  const { customer, item, subscription } = await tenDaysIn();
  await shop.stripe.customers.update(customer.id, { balance: -300 });
  const preview = await shop.stripe.invoices.createPreview({
    subscription: subscription.id,
    subscription_details: { items: [{ id: item, quantity: 2 }], proration_behavior: "always_invoice" },
  });
  expect(preview).toMatchObject({ amount_due: 1_032, amount_paid: 0, starting_balance: -300, total: 1_332 });
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -300 });
});

test("a customer who is deleted takes their subscriptions along", async () => {
  const customer = await billing.customer();
  const { id } = await billing.subscribe(customer.id);
  await billing.settled();
  await shop.stripe.customers.del(customer.id);
  expect(await billing.types()).toEqual(["customer.subscription.deleted", "customer.deleted"]);
  await shop.advance(40 * DAY);
  expect(await billing.types()).toEqual([]);
  expect((await shop.stripe.subscriptions.retrieve(id)).status).toBe("canceled");
});

test("a test clock moves its own customers only, and says when it has arrived", async () => {
  const { clock, subscription } = await tenDaysIn();
  const other = await billing.subscribe((await billing.customer()).id);
  await billing.settled();
  const advancing = await shop.stripe.testHelpers.testClocks.advance(clock, {
    frozen_time: seconds("2026-10-02"),
  });
  expect(advancing).toMatchObject({ status: "advancing" });
  await shop.advance(0);
  const types = await billing.types();
  expect(types[0]).toBe("test_helpers.test_clock.advancing");
  expect(types).toContain("invoice.paid");
  expect(types.filter((type) => type.startsWith("test_helpers"))).toHaveLength(2);
  const ready = await shop.stripe.testHelpers.testClocks.retrieve(clock);
  expect(ready).toMatchObject({ frozen_time: seconds("2026-10-02"), status: "ready" });
  const there = await shop.stripe.subscriptions.retrieve(subscription.id);
  expect(there).toMatchObject({
    items: { data: [{ current_period_start: seconds("2026-10-01") }] },
    test_clock: clock,
  });
  const here = await shop.stripe.subscriptions.retrieve(other.id);
  expect(here.items.data[0]?.current_period_end).toBe(other.items.data[0]?.current_period_end);
});

test("a test clock keeps to its limits, and takes its customers with it", async () => {
  const { clock, customer, subscription } = await tenDaysIn();
  const clocks = shop.stripe.testHelpers.testClocks;
  expect((await refusal(clocks.advance(clock, { frozen_time: seconds("2026-09-01") }))).message).toContain(
    "later",
  );
  expect((await refusal(clocks.advance(clock, { frozen_time: seconds("2026-12-01") }))).message).toContain(
    "at most two intervals",
  );
  for (let count = 0; count < 2; count++) await shop.stripe.customers.create({ test_clock: clock });
  expect((await refusal(shop.stripe.customers.create({ test_clock: clock }))).message).toContain(
    "3 customers",
  );
  for (let count = 0; count < 2; count++) await billing.subscribe(customer.id);
  expect((await refusal(billing.subscribe(customer.id))).message).toContain("3 subscriptions");
  expect((await clocks.list()).data.map(({ id }) => id)).toEqual([clock]);
  await clocks.del(clock);
  expect(await refusal(clocks.retrieve(clock))).toMatchObject({ statusCode: 404 });
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
  expect((await refusal(shop.stripe.subscriptions.retrieve(subscription.id))).statusCode).toBe(404);
});

test("who lives on a test clock is listed only for those who ask for the clock or the customer", async () => {
  const { clock, customer, subscription } = await tenDaysIn();
  const { customers, invoiceItems, invoices, subscriptions } = shop.stripe;
  await invoiceItems.create({ customer: customer.id, amount: 100, currency: "usd" });
  const owner = customer.id;
  expect((await customers.list({ email: customer.email ?? "" })).data.map(({ id }) => id)).not.toContain(
    owner,
  );
  expect((await customers.list({ test_clock: clock })).data.map(({ id }) => id)).toEqual([owner]);
  for (const hidden of [subscriptions.list({ status: "all" }), invoices.list(), invoiceItems.list()]) {
    expect((await hidden).data.filter(({ test_clock: on }) => on === clock)).toEqual([]);
  }
  expect((await subscriptions.list({ test_clock: clock })).data[0]?.id).toBe(subscription.id);
  expect((await subscriptions.list({ customer: owner })).data[0]?.id).toBe(subscription.id);
  expect((await invoices.list({ customer: owner })).data).not.toEqual([]);
  expect((await invoices.list({ subscription: subscription.id })).data).not.toEqual([]);
  expect((await invoiceItems.list({ customer: owner })).data).toHaveLength(1);
});

test("a test clock that was left for thirty days goes, with all that lived on it", async () => {
  const { clock, customer, subscription } = await tenDaysIn();
  const invoice = String(subscription.latest_invoice);
  expect((await shop.stripe.invoices.retrieve(invoice)).test_clock).toBe(clock);
  await shop.advance(30 * DAY);
  expect(await billing.types()).toContain("test_helpers.test_clock.deleted");
  expect(await refusal(shop.stripe.testHelpers.testClocks.retrieve(clock))).toMatchObject({
    statusCode: 404,
  });
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
  for (const gone of [
    shop.stripe.subscriptions.retrieve(subscription.id),
    shop.stripe.invoices.retrieve(invoice),
  ]) {
    expect(await refusal(gone)).toMatchObject({ statusCode: 404 });
  }
});

test("a test clock can begin with a customer who has nothing to renew yet", async () => {
  const { id } = await billing.customer();
  const frozen_time = seconds("2026-09-01");
  const clock = await shop.stripe.testHelpers.testClocks.create({ customer: id, frozen_time });
  expect((await shop.stripe.customers.list({ test_clock: clock.id })).data.map((one) => one.id)).toEqual([
    id,
  ]);
  expect((await billing.subscribe(id)).items.data[0]?.current_period_start).toBe(frozen_time);
  const again = shop.stripe.testHelpers.testClocks.create({ customer: id, frozen_time });
  expect((await refusal(again)).param).toBe("customer");
});
