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

test("a phase says how it is billed, what it sells once, and what is taken off", async () => {
  const customer = await billing.customer();
  const { coupons, products, prices, taxRates } = shop.stripe;
  const half = await coupons.create({ duration: "forever", percent_off: 50 });
  const tenth = await coupons.create({ duration: "forever", percent_off: 10 });
  const product = await products.create({ name: "Setup" });
  const setup = await prices.create({ currency: "usd", product: product.id, unit_amount: 3_000 });
  const rate = await taxRates.create({ display_name: "VAT", inclusive: false, percentage: 20 });
  const price = await billing.priceOf(1_000);
  const schedule = await shop.stripe.subscriptionSchedules.create({
    customer: customer.id,
    default_settings: { invoice_settings: { days_until_due: 9, footer: "Thank you" } },
    phases: [
      {
        add_invoice_items: [
          {
            discountable: false,
            period: { end: { type: "phase_end" }, start: { type: "phase_start" } },
            price: setup.id,
          },
        ],
        collection_method: "send_invoice",
        default_tax_rates: [rate.id],
        discounts: [{ coupon: tenth.id }],
        duration: { interval: "month" },
        items: [{ discounts: [{ coupon: half.id }], price: price.id, quantity: 2 }],
      },
      { billing_cycle_anchor: "phase_start", duration: { interval: "month" }, items: [{ price: price.id }] },
    ],
    start_date: "now",
  });
  check(schedule, "a schedule with terms", new Map());
  const subscription = await shop.stripe.subscriptions.retrieve(String(schedule.subscription));
  expect(subscription).toMatchObject({
    collection_method: "send_invoice",
    days_until_due: 9,
    default_tax_rates: [{ id: rate.id }],
    discounts: [expect.any(String)],
    invoice_settings: { footer: "Thank you" },
    items: { data: [{ discounts: [expect.any(String)] }] },
  });
  const invoice = await billing.latestInvoice(subscription);
  // 2,000, its own half off, then a tenth; 3,000 that nothing is taken off; 20 % on top of both.
  expect(invoice).toMatchObject({ subtotal: 5_000, total: 1.2 * (3_000 + 900) });
  const [once] = invoice.lines.data.filter(({ description }) => description === "Setup");
  expect(once?.period).toEqual({ end: schedule.phases[0]?.end_date, start: schedule.phases[0]?.start_date });
  await billing.until((schedule.phases[0]?.end_date ?? 0) + 60);
  const later = await shop.stripe.subscriptions.retrieve(subscription.id);
  expect(later).toMatchObject({ collection_method: "charge_automatically", discounts: [] });
  expect(later.items.data[0]).toMatchObject({ discounts: [], quantity: 1 });
});

test("a preview shows what a schedule will bill: its first invoice, and the next one after a phase has changed", async () => {
  const customer = await billing.customer();
  const [cheap, dear] = [await billing.priceOf(1_000), await billing.priceOf(7_000)];
  const phases = [
    { duration: { interval: "month" as const }, items: [{ price: cheap.id, quantity: 3 }] },
    { duration: { interval: "month" as const }, items: [{ price: dear.id }] },
  ];
  const { invoices, subscriptionSchedules } = shop.stripe;
  const ahead = await invoices.createPreview({ customer: customer.id, schedule_details: { phases } });
  expect(ahead).toMatchObject({ amount_due: 3_000, status: "draft" });
  expect((await subscriptionSchedules.list({ customer: customer.id })).data).toEqual([]);
  const schedule = await subscriptionSchedules.create({ customer: customer.id, phases, start_date: "now" });
  expect((await invoices.createPreview({ schedule: schedule.id })).amount_due).toBe(7_000);
  const changed = await invoices.createPreview({
    customer_details: { tax_exempt: "reverse" },
    schedule: schedule.id,
    schedule_details: {
      phases: [
        {
          ...phases[0],
          items: [{ price: cheap.id, quantity: 5 }],
          start_date: schedule.phases[0]?.start_date ?? 0,
        },
      ],
    },
  });
  // Two more for the whole of the running period, and the next period of five.
  expect(changed).toMatchObject({ amount_due: 2_000 + 5_000, customer_tax_exempt: "reverse" });
  expect((await read(schedule.id)).phases).toHaveLength(2);
});

test("what is under a schedule ends by the schedule: a cancellation of its own is refused until it is released", async () => {
  const customer = await billing.customer();
  const { id } = await billing.subscribe(customer.id);
  const schedule = await shop.stripe.subscriptionSchedules.create({ from_subscription: id });
  const { subscriptions } = shop.stripe;
  const refusals = [
    await refusal(subscriptions.update(id, { cancel_at_period_end: true })),
    await refusal(subscriptions.update(id, { cancel_at: (schedule.phases[0]?.end_date ?? 0) + DAY })),
  ];
  for (const { message, type } of refusals) {
    expect(message).toContain(`managed by the subscription schedule \`${schedule.id}\``);
    expect(type).toBe("StripeInvalidRequestError");
  }
  expect((await subscriptions.update(id, { description: "Of the team" })).schedule).toBe(schedule.id);
  await shop.stripe.subscriptionSchedules.release(schedule.id);
  const ends = await subscriptions.update(id, { cancel_at_period_end: true });
  expect(ends).toMatchObject({ cancel_at_period_end: true, schedule: null });
});
