import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { check } from "../test-wire.ts";
import { Billing, DAY } from "./test-billing.ts";

const MINUTE = 60;

let shop: TestShop;
let billing: Billing;
let meter: Stripe.Billing.Meter;
let calls: Stripe.Price;
let customer: string;
beforeAll(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
  meter = await meterOf("api_calls", "sum");
  calls = await metered(meter.id);
});
afterAll(() => shop.close());
beforeEach(async () => {
  customer = (await billing.customer()).id;
});

const meterOf = (event_name: string, formula: "count" | "last" | "sum") =>
  shop.stripe.billing.meters.create({
    default_aggregation: { formula },
    display_name: event_name,
    event_name,
  });

/** Three cents for each. */
const metered = (id: string, extra: Partial<Stripe.PriceCreateParams> = { unit_amount: 3 }) =>
  shop.stripe.prices.create({
    currency: "usd",
    product: String(billing.price.product),
    recurring: { interval: "month", meter: id, usage_type: "metered" },
    ...extra,
  });

const report = (value: number, extra: Partial<Stripe.Billing.MeterEventCreateParams> = {}) =>
  shop.stripe.billing.meterEvents.create({
    event_name: "api_calls",
    payload: { stripe_customer_id: customer, value: String(value) },
    ...extra,
  });

async function renewed(subscription: Stripe.Subscription): Promise<Stripe.Invoice> {
  await billing.until((subscription.items.data[0]?.current_period_end ?? 0) + 2 * 3_600);
  const { latest_invoice } = await shop.stripe.subscriptions.retrieve(subscription.id);
  return shop.stripe.invoices.retrieve(String(latest_invoice));
}

test("what was used is on the invoice of the renewal, after the period it was used in", async () => {
  const items = [{ price: billing.price.id }, { price: calls.id }];
  const subscription = await billing.subscribe(customer, { items });
  const [, item] = subscription.items.data;
  expect(item).toMatchObject({ plan: { meter: meter.id, usage_type: "metered" }, price: { id: calls.id } });
  expect(item).not.toHaveProperty("quantity");
  expect((await billing.latestInvoice(subscription)).lines.data).toHaveLength(1);
  await report(100);
  await shop.advance(10 * DAY);
  await report(20);
  const upcoming = await shop.stripe.invoices.createPreview({ subscription: subscription.id });
  expect(upcoming.total).toBe(2_000 + 120 * 3);
  const invoice = await renewed(subscription);
  expect(invoice).toMatchObject({ status: "paid", total: 2_000 + 120 * 3 });
  const [usage, next] = invoice.lines.data;
  expect(usage).toMatchObject({
    amount: 360,
    period: { end: item?.current_period_end, start: item?.current_period_start },
    quantity: 120,
  });
  expect(next).toMatchObject({ amount: 2_000, period: { start: item?.current_period_end } });
  // The next period begins at nothing.
  const preview = await shop.stripe.invoices.createPreview({ subscription: subscription.id });
  expect(preview.total).toBe(2_000);
});

test("a tiered price is applied to what was used", async () => {
  const { id } = await metered(meter.id, {
    billing_scheme: "tiered",
    tiers: [
      { unit_amount: 0, up_to: 100 },
      { unit_amount: 2, up_to: "inf" },
    ],
    tiers_mode: "graduated",
  });
  const subscription = await billing.subscribe(customer, { items: [{ price: id }] });
  expect((await billing.latestInvoice(subscription)).total).toBe(0);
  await report(150);
  expect((await renewed(subscription)).total).toBe(100);
});

test("a meter counts, adds up, or takes the last; a correction is taken back", async () => {
  const { now } = await (await fetch(`${shop.sandbox.url}/sandbox/clock`)).json();
  const span = { customer, end_time: now - (now % MINUTE) + 3_600, start_time: now - (now % MINUTE) - 3_600 };
  for (const [formula, expected] of [
    ["count", 3],
    ["sum", 10],
    ["last", 3],
  ] as const) {
    const { id } = await meterOf(`by_${formula}`, formula);
    const event_name = `by_${formula}`;
    await report(2, { event_name, timestamp: now - 20 });
    await report(3, { event_name, timestamp: now });
    await report(5, { event_name, timestamp: now - 10 });
    const wrong = await report(1_000, { event_name });
    await shop.stripe.billing.meterEventAdjustments.create({
      cancel: { identifier: wrong.identifier },
      event_name,
      type: "cancel",
    });
    const { data } = await shop.stripe.billing.meters.listEventSummaries(id, span);
    expect(
      data.map(({ aggregated_value: value }) => value),
      formula,
    ).toEqual([expected]);
    const midnight = span.start_time - (span.start_time % DAY);
    const grouped = {
      customer,
      end_time: midnight + 2 * DAY,
      start_time: midnight,
      value_grouping_window: "day",
    } as const;
    const days = await shop.stripe.billing.meters.listEventSummaries(id, grouped);
    const [newest = 0, ...others] = days.data.map(({ aggregated_value: value }) => value);
    expect(formula === "last" ? newest : others.reduce((sum, value) => sum + value, newest)).toBe(expected);
  }
});

test("an event that can't be counted is refused, and the same one counts once", async () => {
  await report(1, { identifier: "once" });
  expect(await refusal(report(1, { identifier: "once" }))).toMatchObject({ param: "identifier" });
  expect(await refusal(report(1, { event_name: "nobody" }))).toMatchObject({ param: "event_name" });
  const old = Math.floor(Date.now() / 1000) - 400 * DAY;
  expect(await refusal(report(1, { timestamp: old }))).toMatchObject({ param: "timestamp" });
  const payload = { stripe_customer_id: "cus_nobody", value: "1" };
  expect(await refusal(report(1, { payload }))).toMatchObject({ param: "payload[stripe_customer_id]" });
  expect(await refusal(metered("mtr_nothing"))).toMatchObject({ param: "recurring[meter]" });
  const items = [{ price: calls.id, quantity: 2 }];
  expect(await refusal(billing.subscribe(customer, { items }))).toMatchObject({
    param: "items[0][quantity]",
  });
});

test("a subscription that ends bills its last usage; one that is cancelled at once only when asked to", async () => {
  const items = [{ price: calls.id }];
  const ending = await billing.subscribe(customer, { cancel_at_period_end: true, items });
  await report(40);
  const last = await renewed(ending);
  expect(last).toMatchObject({ status: "paid", total: 120 });
  const now = await billing.subscribe(customer, { items });
  await report(10);
  const billed = await shop.stripe.subscriptions.cancel(now.id, { invoice_now: true });
  expect((await billing.latestInvoice(billed)).total).toBe(30);
  const quiet = await billing.subscribe(customer, { items });
  await report(10);
  const left = await shop.stripe.subscriptions.cancel(quiet.id);
  expect(left.latest_invoice).toBe(quiet.latest_invoice);
});

test("a metered item that goes is billed with the next invoice, unless its usage is cleared", async () => {
  const items = [{ price: billing.price.id }, { price: calls.id }];
  for (const [clear, total] of [
    [false, 2_000 + 30],
    [true, 2_000],
  ] as const) {
    const subscription = await billing.subscribe(customer, { items });
    await shop.advance(DAY);
    await report(10);
    const clear_usage = clear ? { clear_usage: true } : {};
    await shop.stripe.subscriptionItems.del(subscription.items.data[1]?.id ?? "", clear_usage);
    expect((await shop.stripe.invoices.createPreview({ subscription: subscription.id })).total).toBe(total);
    await shop.stripe.subscriptions.cancel(subscription.id);
  }
});

test("Checkout sells a metered price for nothing today", async () => {
  const session = await shop.session({ line_items: [{ price: calls.id }], mode: "subscription" });
  expect(session.amount_total).toBe(0);
  expect((await shop.submit(session.id)).status).toBe(303);
  const { subscription } = await shop.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["subscription"],
  });
  customer = Object(subscription).customer;
  await report(7);
  expect((await renewed(Object(subscription))).total).toBe(21);
});

test("usage on a test clock is of its time", async () => {
  const start = Math.floor(Date.now() / 1000) + 1_000 * DAY;
  const { id } = await shop.stripe.testHelpers.testClocks.create({ frozen_time: start });
  customer = (await billing.customer("pm_card_visa", { test_clock: id })).id;
  const subscription = await billing.subscribe(customer, { items: [{ price: calls.id }] });
  expect((await report(5)).timestamp).toBe(start);
  await shop.stripe.testHelpers.testClocks.advance(id, { frozen_time: start + 32 * DAY });
  await shop.types();
  const after = await shop.stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
  expect(Object(after.latest_invoice).total).toBe(15);
});

test("meters are whole objects, change, and are told of", async () => {
  shop.forget();
  const made = await meterOf("whole", "sum");
  await shop.stripe.billing.meters.update(made.id, { display_name: "Renamed" });
  expect((await shop.stripe.billing.meters.deactivate(made.id)).status).toBe("inactive");
  expect(await refusal(report(1, { event_name: "whole" }))).toMatchObject({ param: "event_name" });
  expect((await shop.stripe.billing.meters.reactivate(made.id)).display_name).toBe("Renamed");
  const event = await report(1, { event_name: "whole" });
  const seen = new Map<string, number>();
  for (const value of [made, event]) check(JSON.parse(JSON.stringify(value)), "meters", seen);
  expect([...seen.keys()]).toEqual(["billing.meter", "billing.meter_event"]);
  expect(await shop.types()).toEqual([
    "billing.meter.created",
    "billing.meter.updated",
    "billing.meter.deactivated",
    "billing.meter.reactivated",
  ]);
  const active = await shop.stripe.billing.meters.list({ status: "active" });
  expect(active.data.map(({ id }) => id)).toContain(meter.id);
});
