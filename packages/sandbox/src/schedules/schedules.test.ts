import { afterAll, beforeAll, expect, test } from "vitest";
import { Billing, DAY } from "../billing/test-billing.ts";
import { refusal, TestShop } from "../test-shop.ts";
import { check } from "../test-wire.ts";

let shop: TestShop;
let billing: Billing;
beforeAll(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
});
afterAll(() => shop.close());

const read = (id: string) => shop.stripe.subscriptionSchedules.retrieve(id);

test("a schedule begins a subscription, changes its price with the next phase, and lets it go", async () => {
  const customer = await billing.customer();
  const dear = await billing.priceOf(5_000);
  const schedule = await shop.stripe.subscriptionSchedules.create({
    customer: customer.id,
    phases: [
      { duration: { interval: "month", interval_count: 2 }, items: [{ price: billing.price.id }] },
      { duration: { interval: "month" }, items: [{ price: dear.id, quantity: 2 }] },
    ],
    start_date: "now",
  });
  check(schedule, "a schedule", new Map());
  expect(schedule).toMatchObject({ end_behavior: "release", status: "active" });
  const [first, second] = schedule.phases;
  expect(schedule.current_phase).toEqual({ end_date: first?.end_date, start_date: first?.start_date });
  expect(second?.start_date).toBe(first?.end_date);
  const id = String(schedule.subscription);
  const subscription = () => shop.stripe.subscriptions.retrieve(id);
  expect(await subscription()).toMatchObject({ schedule: schedule.id, status: "active" });
  await billing.until((first?.end_date ?? 0) - DAY);
  expect((await subscription()).items.data[0]?.price.id).toBe(billing.price.id);
  await billing.types();
  await billing.until((first?.end_date ?? 0) + 4_000);
  expect(await subscription()).toMatchObject({
    items: { data: [{ price: { id: dear.id }, quantity: 2 }] },
    latest_invoice: expect.any(String),
  });
  const invoice = await billing.latestInvoice(await subscription());
  expect(invoice).toMatchObject({ amount_paid: 10_000, billing_reason: "subscription_cycle" });
  expect(await billing.types()).toContain("subscription_schedule.updated");
  await billing.until((second?.end_date ?? 0) + 60);
  expect(await read(schedule.id)).toMatchObject({
    current_phase: null,
    released_subscription: id,
    status: "released",
    subscription: null,
  });
  expect(await subscription()).toMatchObject({ schedule: null, status: "active" });
  const types = await billing.types();
  expect(types).toEqual(
    expect.arrayContaining(["subscription_schedule.expiring", "subscription_schedule.released"]),
  );
});

test("a schedule can begin later, and end its subscription", async () => {
  const customer = await billing.customer();
  const start = Math.floor(Date.now() / 1000) + 400 * DAY;
  const schedule = await shop.stripe.subscriptionSchedules.create({
    customer: customer.id,
    end_behavior: "cancel",
    phases: [{ duration: { interval: "month" }, items: [{ price: billing.price.id }] }],
    start_date: start,
  });
  expect(schedule).toMatchObject({ current_phase: null, status: "not_started", subscription: null });
  await billing.until(start + 60);
  const begun = await read(schedule.id);
  expect(begun.status).toBe("active");
  await billing.until((begun.phases[0]?.end_date ?? 0) + 60);
  expect((await read(schedule.id)).status).toBe("completed");
  expect((await shop.stripe.subscriptions.retrieve(String(begun.subscription))).status).toBe("canceled");
});

test("a running subscription is put under a schedule, given another phase, and released", async () => {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id);
  const cheap = await billing.priceOf(100);
  const schedule = await shop.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
  const [phase] = schedule.phases;
  expect(phase).toMatchObject({ end_date: subscription.items.data[0]?.current_period_end });
  const twice = shop.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
  expect((await refusal(twice)).param).toBe("from_subscription");
  const planned = await shop.stripe.subscriptionSchedules.update(schedule.id, {
    phases: [
      {
        end_date: phase?.end_date ?? 0,
        items: [{ price: billing.price.id, quantity: 1 }],
        start_date: phase?.start_date ?? 0,
      },
      { duration: { interval: "month" }, items: [{ price: cheap.id, quantity: 1 }] },
    ],
  });
  expect(planned.phases).toHaveLength(2);
  await billing.until((phase?.end_date ?? 0) + 60);
  const after = await shop.stripe.subscriptions.retrieve(subscription.id);
  expect(after.items.data[0]?.price.id).toBe(cheap.id);
  expect((await shop.stripe.subscriptionSchedules.release(schedule.id)).status).toBe("released");
  expect((await refusal(shop.stripe.subscriptionSchedules.cancel(schedule.id))).message).toContain(
    "released",
  );
});

test("canceling a schedule cancels its subscription", async () => {
  const customer = await billing.customer();
  const schedule = await shop.stripe.subscriptionSchedules.create({
    customer: customer.id,
    phases: [{ items: [{ price: billing.price.id }] }],
    start_date: "now",
  });
  expect(await shop.stripe.subscriptionSchedules.cancel(schedule.id)).toMatchObject({ status: "canceled" });
  expect((await shop.stripe.subscriptions.retrieve(String(schedule.subscription))).status).toBe("canceled");
  const { data } = await shop.stripe.subscriptionSchedules.list({ customer: customer.id });
  expect(data.map(({ id }) => id)).toEqual([schedule.id]);
});
