import type Stripe from "stripe";
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

const onceOf = (unit_amount: number) =>
  shop.stripe.prices.create({ currency: "usd", product: String(billing.price.product), unit_amount });

async function opened(params: Stripe.QuoteCreateParams): Promise<Stripe.Quote> {
  const { id } = await shop.stripe.quotes.create(params);
  return shop.stripe.quotes.finalizeQuote(id);
}

test("a purchase through a quote: what it says is what the invoice asks for, with its discount and its tax", async () => {
  const { coupons, invoices, quotes, taxRates } = shop.stripe;
  const customer = await billing.customer();
  const price = await onceOf(5_000);
  const tenth = await coupons.create({ duration: "once", percent_off: 10 });
  const rate = await taxRates.create({ display_name: "VAT", inclusive: false, percentage: 20 });
  const draft = await quotes.create({
    customer: customer.id,
    default_tax_rates: [rate.id],
    description: "Two workshops",
    discounts: [{ coupon: tenth.id }],
    footer: "Valid for a month",
    header: "Offer",
    invoice_settings: { footer: "Thank you" },
    line_items: [{ price: price.id, quantity: 2 }],
  });
  const sums = { amount_subtotal: 10_000, amount_total: 10_800 };
  const total_details = { amount_discount: 1_000, amount_shipping: 0, amount_tax: 1_800 };
  expect(draft).toMatchObject({
    ...sums,
    computed: { recurring: null, upfront: { ...sums, total_details } },
    currency: "usd",
    expires_at: draft.created + 30 * DAY,
    number: null,
    status: "draft",
    total_details,
  });
  expect((await coupons.retrieve(tenth.id)).times_redeemed).toBe(0);
  const open = await quotes.finalizeQuote(draft.id);
  expect(open).toMatchObject({ number: `QT-${customer.invoice_prefix}-0001-1`, status: "open" });
  const accepted = await quotes.accept(draft.id);
  check(accepted, "a quote", new Map());
  expect(accepted).toMatchObject({ status: "accepted", subscription: null, subscription_schedule: null });
  const invoice = await invoices.retrieve(String(accepted.invoice));
  check(invoice, "its invoice", new Map());
  expect(invoice).toMatchObject({
    auto_advance: false,
    footer: "Thank you",
    parent: { quote_details: { quote: draft.id }, type: "quote_details" },
    status: "draft",
    subtotal: 10_000,
    total: 10_800,
  });
  expect((await coupons.retrieve(tenth.id)).times_redeemed).toBe(1);
  const older = await invoices.retrieve(invoice.id, {}, { apiVersion: "2024-06-20" });
  expect(older).toMatchObject({ quote: draft.id });
  expect(await invoices.pay(invoice.id)).toMatchObject({ amount_paid: 10_800, status: "paid" });
  const types = await billing.types();
  expect(types.filter((type) => type.startsWith("quote."))).toEqual([
    "quote.created",
    "quote.finalized",
    "quote.accepted",
  ]);
  expect(types.indexOf("invoice.created")).toBeLessThan(types.indexOf("quote.accepted"));
});

test("a subscription through a quote is billed what was computed: all of it at once, and later what recurs", async () => {
  const { coupons, invoices, quotes, subscriptions } = shop.stripe;
  const customer = await billing.customer();
  const setup = await onceOf(3_000);
  const half = await coupons.create({ duration: "once", percent_off: 50 });
  const open = await opened({
    customer: customer.id,
    discounts: [{ coupon: half.id }],
    line_items: [{ price: billing.price.id, quantity: 3 }, { price: setup.id }],
    subscription_data: { description: "Three seats", metadata: { deal: "7" } },
  });
  expect(open.computed).toMatchObject({
    recurring: { amount_subtotal: 6_000, amount_total: 6_000, interval: "month", interval_count: 1 },
    upfront: { amount_subtotal: 9_000, amount_total: 4_500 },
  });
  const accepted = await quotes.accept(open.id);
  const subscription = await subscriptions.retrieve(String(accepted.subscription));
  expect(subscription).toMatchObject({
    description: "Three seats",
    items: { data: [{ price: { id: billing.price.id }, quantity: 3 }] },
    latest_invoice: accepted.invoice,
    metadata: { deal: "7" },
    status: "active",
  });
  expect((await billing.latestInvoice(subscription)).amount_paid).toBe(4_500);
  await billing.until((subscription.items.data[0]?.current_period_end ?? 0) + 4_000);
  const renewed = await invoices.retrieve(
    String((await subscriptions.retrieve(subscription.id)).latest_invoice),
  );
  expect(renewed).toMatchObject({ amount_paid: 6_000, billing_reason: "subscription_cycle" });
});

test("with a trial nothing that recurs is paid at once", async () => {
  const customer = await billing.customer();
  const open = await opened({
    customer: customer.id,
    line_items: [{ price: billing.price.id }, { price: (await onceOf(700)).id }],
    subscription_data: { trial_period_days: 10 },
  });
  expect(open).toMatchObject({
    amount_total: 2_700,
    computed: { recurring: { amount_total: 2_000 }, upfront: { amount_total: 700 } },
  });
  const { subscription } = await shop.stripe.quotes.accept(open.id);
  const begun = await shop.stripe.subscriptions.retrieve(String(subscription));
  expect(begun.status).toBe("trialing");
  expect((await billing.latestInvoice(begun)).total).toBe(700);
});

test("what begins on a later day becomes a schedule, and uses its coupon then", async () => {
  const { coupons, quotes, subscriptionSchedules } = shop.stripe;
  const customer = await billing.customer();
  const tenth = await coupons.create({ duration: "forever", percent_off: 10 });
  const response = await fetch(`${shop.sandbox.url}/sandbox/clock`);
  const { now } = await response.json();
  const begins = Math.floor(now) + 20 * DAY;
  const open = await opened({
    customer: customer.id,
    discounts: [{ coupon: tenth.id }],
    line_items: [
      {
        price_data: {
          currency: "usd",
          product: String(billing.price.product),
          recurring: { interval: "month" },
          unit_amount: 4_000,
        },
      },
    ],
    subscription_data: { effective_date: begins, metadata: { deal: "8" } },
  });
  const accepted = await quotes.accept(open.id);
  expect(accepted).toMatchObject({ invoice: null, status: "accepted", subscription: null });
  const id = String(accepted.subscription_schedule);
  const schedule = await subscriptionSchedules.retrieve(id, { expand: ["subscription"] });
  expect(schedule).toMatchObject({
    phases: [{ metadata: { deal: "8" }, start_date: begins }],
    status: "not_started",
  });
  expect((await coupons.retrieve(tenth.id)).times_redeemed).toBe(0);
  await billing.until(begins + 60);
  const { subscription } = await subscriptionSchedules.retrieve(id);
  const begun = await shop.stripe.subscriptions.retrieve(String(subscription));
  expect((await billing.latestInvoice(begun)).amount_paid).toBe(3_600);
  expect((await coupons.retrieve(tenth.id)).times_redeemed).toBe(1);
});

test("a draft is changed line by line, and says again what it comes to", async () => {
  const { quotes } = shop.stripe;
  const [cheap, dear] = [await onceOf(100), await onceOf(900)];
  const draft = await quotes.create({ line_items: [{ price: cheap.id, quantity: 2 }, { price: dear.id }] });
  const { data } = await quotes.listLineItems(draft.id);
  expect(data).toMatchObject([
    { amount_total: 200, quantity: 2 },
    { amount_total: 900, quantity: 1 },
  ]);
  const [first] = data;
  const changed = await quotes.update(draft.id, {
    line_items: [{ id: first?.id ?? "", quantity: 5 }],
    metadata: { by: "hand" },
  });
  expect(changed).toMatchObject({ amount_total: 500, metadata: { by: "hand" } });
  const upfront = await quotes.listComputedUpfrontLineItems(draft.id);
  expect(upfront.data).toMatchObject([{ id: first?.id, amount_total: 500, price: { id: cheap.id } }]);
  const unknown = quotes.update(draft.id, { line_items: [{ id: "li_1", quantity: 5 }] });
  expect(await refusal(unknown)).toMatchObject({ code: "resource_missing", param: "line_items[0][id]" });
});

test("a quote is cloned with all its terms, as a draft of its own, and nothing can be given beside that", async () => {
  const { coupons, quotes } = shop.stripe;
  const customer = await billing.customer();
  const tenth = await coupons.create({ duration: "once", percent_off: 10 });
  const open = await opened({
    customer: customer.id,
    discounts: [{ coupon: tenth.id }],
    header: "Offer",
    line_items: [{ price: billing.price.id, quantity: 2 }],
  });
  const clone = await quotes.create({ from_quote: { quote: open.id } });
  check(clone, "a clone", new Map());
  expect(clone).toMatchObject({
    amount_total: 3_600,
    customer: customer.id,
    from_quote: { is_revision: false, quote: open.id },
    header: "Offer",
    number: null,
    status: "draft",
  });
  const [line] = (await quotes.listLineItems(open.id)).data;
  await quotes.update(clone.id, { line_items: [{ price: billing.price.id }] });
  expect((await quotes.listLineItems(open.id)).data).toEqual([line]);
  expect((await quotes.finalizeQuote(clone.id)).number).toBe(`QT-${customer.invoice_prefix}-0002-1`);
  const beside = quotes.create({ from_quote: { quote: open.id }, header: "Other" });
  expect((await refusal(beside)).param).toBe("header");
  const revised = quotes.create({ from_quote: { is_revision: true, quote: open.id } });
  expect((await refusal(revised)).message).toBe("from_quote[is_revision] is not supported by the sandbox.");
});

test("what stands in a quote can be expanded", async () => {
  const customer = await billing.customer();
  const rate = await shop.stripe.taxRates.create({ display_name: "GST", inclusive: true, percentage: 10 });
  const coupon = await shop.stripe.coupons.create({ amount_off: 100, currency: "usd", duration: "forever" });
  const { id } = await shop.stripe.quotes.create({
    customer: customer.id,
    line_items: [
      { discounts: [{ coupon: coupon.id }], price: billing.price.id, quantity: 1, tax_rates: [rate.id] },
    ],
  });
  const quote = await shop.stripe.quotes.retrieve(id, {
    expand: [
      "computed.recurring.total_details.breakdown",
      "computed.upfront.line_items",
      "customer",
      "line_items.data.taxes",
      "total_details.breakdown",
    ],
  });
  check(quote, "an expanded quote", new Map());
  const taxes = [{ amount: 173, rate: { id: rate.id } }];
  expect(quote).toMatchObject({
    amount_total: 1_900,
    computed: {
      recurring: { total_details: { breakdown: { discounts: [{ amount: 100 }], taxes } } },
      upfront: { line_items: { data: [{ amount_discount: 100, amount_total: 1_900 }] } },
    },
    customer: { id: customer.id },
    line_items: { data: [{ amount_tax: 173, taxes }] },
    total_details: { breakdown: { discounts: [{ discount: { source: { coupon: coupon.id } } }], taxes } },
  });
});

test("a quote is canceled by hand, or on its last day, and can't be accepted any more", async () => {
  const { quotes } = shop.stripe;
  const customer = await billing.customer();
  const params = { customer: customer.id, line_items: [{ price: billing.price.id }] };
  const mine = await opened(params);
  expect((await quotes.cancel(mine.id)).status_transitions.canceled_at).not.toBeNull();
  const left = await opened(params);
  expect(left.number).toBe(`QT-${customer.invoice_prefix}-0002-1`);
  await quotes.update(left.id, { expires_at: left.expires_at + 5 * DAY });
  await billing.until(left.expires_at + 60);
  expect((await quotes.retrieve(left.id)).status).toBe("open");
  await billing.types();
  await billing.until(left.expires_at + 5 * DAY + 60);
  expect((await quotes.retrieve(left.id)).status).toBe("canceled");
  expect(await billing.types()).toContain("quote.canceled");
  for (const { id } of [mine, left]) {
    expect((await refusal(quotes.accept(id))).message).toContain("canceled");
    expect((await refusal(quotes.cancel(id))).statusCode).toBe(400);
  }
  const { data } = await quotes.list({ customer: customer.id, status: "canceled" });
  expect(data.map(({ id }) => id)).toEqual([left.id, mine.id]);
  expect((await quotes.list({ customer: customer.id, status: "open" })).data).toEqual([]);
});

test("what isn't ready is refused: a draft accepted, a quote for nobody or of nothing, an open one changed", async () => {
  const { quotes } = shop.stripe;
  const customer = await billing.customer();
  const line_items = [{ price: billing.price.id }];
  const draft = await quotes.create({ line_items });
  expect((await refusal(quotes.accept(draft.id))).message).toContain("draft");
  expect(await refusal(quotes.finalizeQuote(draft.id))).toMatchObject({
    message: "Missing required param: customer.",
    param: "customer",
  });
  const empty = await quotes.create({ customer: customer.id });
  expect((await refusal(quotes.finalizeQuote(empty.id))).param).toBe("line_items");
  const sent = await quotes.create({
    collection_method: "send_invoice",
    customer: customer.id,
    line_items,
  });
  const undue = await refusal(quotes.finalizeQuote(sent.id));
  expect(undue.param).toBe("invoice_settings[days_until_due]");
  await quotes.update(draft.id, { customer: customer.id });
  const other = await billing.customer();
  expect((await refusal(quotes.update(draft.id, { customer: other.id }))).param).toBe("customer");
  await quotes.finalizeQuote(draft.id);
  expect((await refusal(quotes.update(draft.id, { header: "Late" }))).message).toContain("open");
  expect((await refusal(quotes.update(draft.id, { expires_at: 7 }))).param).toBe("expires_at");
  const yearly = await billing.priceOf(9_000, "year");
  const mixed = quotes.create({ line_items: [...line_items, { price: yearly.id }] });
  expect((await refusal(mixed)).param).toBe("line_items");
  expect(await refusal(quotes.retrieve("qt_1"))).toMatchObject({
    message: "No such quote: 'qt_1'",
    statusCode: 404,
  });
});

test("a quote for somebody on a test clock lives by its time", async () => {
  const { quotes, testHelpers } = shop.stripe;
  const frozen = 1_893_456_000;
  const clock = await testHelpers.testClocks.create({ frozen_time: frozen });
  const customer = await billing.customer("pm_card_visa", { test_clock: clock.id });
  const quote = await quotes.create({ customer: customer.id, line_items: [{ price: billing.price.id }] });
  expect(quote).toMatchObject({ created: frozen, test_clock: clock.id });
  expect((await quotes.list({ test_clock: clock.id })).data.map(({ id }) => id)).toEqual([quote.id]);
  await testHelpers.testClocks.advance(clock.id, { frozen_time: frozen + 31 * DAY });
  await expect.poll(async () => (await quotes.retrieve(quote.id)).status).toBe("canceled");
});
