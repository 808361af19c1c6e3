import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

type Custom = Stripe.PriceCreateParams.CustomUnitAmount;

let shop: TestShop;
let product: string;
beforeAll(async () => {
  shop = await TestShop.open();
  product = (await shop.stripe.products.create({ name: "Dinner" })).id;
});
afterAll(() => shop.close());

const LIMITS: Custom = { enabled: true, maximum: 50_000, minimum: 500, preset: 2_000 };

const price = (custom_unit_amount = LIMITS, extra: Partial<Stripe.PriceCreateParams> = {}) =>
  shop.stripe.prices.create({ currency: "usd", custom_unit_amount, product, ...extra });

async function donation(custom = LIMITS, extra: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const { id } = await price(custom);
  return shop.session({ line_items: [{ price: id, quantity: 1 }], locale: "en", ...extra });
}

/** What the buyer enters on the page, without a page. */
const confirm = (session: string, custom_unit_amount?: number) =>
  shop.stripe.rawRequest("POST", `/v1/payment_pages/${session}/confirm`, {
    payment_method: "pm_card_visa",
    ...(custom_unit_amount !== undefined && { custom_unit_amount }),
  });

async function onPage(session: string, customUnitAmount: string) {
  const url = `${shop.sandbox.url}/c/pay/${session}/amount`;
  const headers = { accept: "application/json" };
  const answer = await fetch(url, {
    method: "POST",
    headers,
    body: new URLSearchParams({ customUnitAmount }),
  });
  return Object(await answer.json());
}

test("a price that the buyer decides has its limits and no amount of its own, as a product's first price too", async () => {
  const made = await price();
  const custom_unit_amount = { maximum: 50_000, minimum: 500, preset: 2_000 };
  expect(await shop.stripe.prices.retrieve(made.id)).toMatchObject({
    billing_scheme: "per_unit",
    custom_unit_amount,
    type: "one_time",
    unit_amount: null,
    unit_amount_decimal: null,
  });
  expect((await price({ enabled: true })).custom_unit_amount).toEqual({
    maximum: null,
    minimum: null,
    preset: null,
  });
  const tip = await shop.stripe.products.create({
    default_price_data: { currency: "usd", custom_unit_amount: { enabled: true, preset: 300 } },
    expand: ["default_price"],
    name: "Tip",
  });
  expect(Object(tip.default_price).custom_unit_amount).toEqual({ maximum: null, minimum: null, preset: 300 });
});

test.each<[string, Custom, Partial<Stripe.PriceCreateParams>]>([
  ["unit_amount", LIMITS, { unit_amount: 500 }],
  ["custom_unit_amount", LIMITS, { recurring: { interval: "month" } }],
  ["custom_unit_amount", LIMITS, { transform_quantity: { divide_by: 5, round: "up" } }],
  ["custom_unit_amount[enabled]", { enabled: false }, {}],
  ["custom_unit_amount[minimum]", { enabled: true, minimum: 49 }, {}],
  ["custom_unit_amount[maximum]", { enabled: true, maximum: 900, minimum: 1_000 }, {}],
  ["custom_unit_amount[preset]", { enabled: true, minimum: 1_000, preset: 900 }, {}],
  ["custom_unit_amount[preset]", { enabled: true, maximum: 1_000, preset: 1_100 }, {}],
  ["currency_options[eur]", LIMITS, { currency_options: { eur: { unit_amount: 500 } } }],
])("%s is refused where it doesn't fit: %o %o", async (param, custom, extra) => {
  expect((await refusal(price(custom, extra))).param).toBe(param);
});

test("in another currency it has that currency's limits", async () => {
  const eur = { custom_unit_amount: { enabled: true, maximum: 4_000, minimum: 400 } };
  const { id } = await price(LIMITS, { currency_options: { eur } });
  const shown = await shop.stripe.prices.retrieve(id, { expand: ["currency_options"] });
  expect(shown.currency_options).toMatchObject({
    eur: { custom_unit_amount: { maximum: 4_000, minimum: 400, preset: null }, unit_amount: null },
    usd: { custom_unit_amount: { maximum: 50_000, minimum: 500, preset: 2_000 } },
  });
  const session = await shop.session({ currency: "eur", line_items: [{ price: id, quantity: 1 }] });
  expect(session).toMatchObject({ amount_total: 0, currency: "eur", payment_status: "unpaid" });
  expect((await refusal(confirm(session.id, 4_001))).message).toContain("less than or equal to 4000");
  await confirm(session.id, 400);
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(400);
});

test("it is alone in its order, one of it, with nothing off, and no invoice takes it", async () => {
  const { id } = await price();
  const fixed = await shop.stripe.prices.create({ currency: "usd", product, unit_amount: 700 });
  const coupon = await shop.stripe.coupons.create({ percent_off: 10 });
  const line_items = [{ price: id, quantity: 1 }];
  const refusals: [string, Partial<Stripe.Checkout.SessionCreateParams>][] = [
    ["line_items", { line_items: [...line_items, { price: fixed.id, quantity: 1 }] }],
    ["line_items[0][quantity]", { line_items: [{ price: id, quantity: 2 }] }],
    [
      "line_items[0][quantity]",
      { line_items: [{ adjustable_quantity: { enabled: true }, price: id, quantity: 1 }] },
    ],
    ["discounts", { discounts: [{ coupon: coupon.id }], line_items }],
    ["allow_promotion_codes", { allow_promotion_codes: true, line_items }],
    ["optional_items", { line_items, optional_items: [{ price: fixed.id, quantity: 1 }] }],
    [
      "optional_items[0][price]",
      { line_items: [{ price: fixed.id, quantity: 1 }], optional_items: [{ price: id, quantity: 1 }] },
    ],
  ];
  for (const [param, extra] of refusals) {
    expect((await refusal(shop.session(extra))).param, param).toBe(param);
  }
  const link = shop.stripe.paymentLinks.create({ allow_promotion_codes: true, line_items });
  expect((await refusal(link)).param).toBe("allow_promotion_codes");
  const { id: customer } = await shop.stripe.customers.create();
  const item = shop.stripe.invoiceItems.create({ customer, pricing: { price: id } });
  expect((await refusal(item)).param).toBe("pricing[price]");
});

test("the session, its line, its payment and its event carry what the buyer has entered", async () => {
  const session = await donation();
  expect(session).toMatchObject({ amount_subtotal: 2_000, amount_total: 2_000, payment_status: "unpaid" });
  const answer = await onPage(session.id, " 12,50 ");
  expect(answer).toMatchObject({ button: "Pay $12.50", means: true });
  expect(answer.order).toContain('value="12.50"');
  expect(answer.order).toContain("Between $5.00 and $500.00");
  await shop.submit(session.id);
  const paid = await shop.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["line_items", "payment_intent.latest_charge"],
  });
  expect(paid).toMatchObject({
    amount_total: 1_250,
    line_items: { data: [{ amount_subtotal: 1_250, amount_total: 1_250, quantity: 1 }] },
    payment_intent: { amount: 1_250, amount_received: 1_250, latest_charge: { amount: 1_250 } },
    payment_status: "paid",
  });
  await shop.types();
  expect(shop.last("checkout.session.completed").data.object.amount_total).toBe(1_250);
});

test.each([
  ["4.99", "The amount has to be at least $5.00."],
  ["500.01", "The amount can be at most $500.00."],
  ["1.234", "Enter an amount, such as 25 or 12.50."],
  ["much", "Enter an amount, such as 25 or 12.50."],
  ["-5", "Enter an amount, such as 25 or 12.50."],
  ["", "Enter an amount, such as 25 or 12.50."],
])("%j is refused at its field, and nothing changes", async (typed, problem) => {
  const session = await donation();
  const { order } = await onPage(session.id, typed);
  expect(order).toContain(problem);
  expect(order).toContain('aria-invalid="true"');
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(2_000);
});

test("without a preset nothing is paid before an amount was entered, on the page or without it", async () => {
  const session = await donation({ enabled: true });
  expect(session).toMatchObject({ amount_total: 0, payment_status: "unpaid" });
  const pressed = await shop.submit(session.id, {}, { accept: "application/json" });
  expect(pressed.status).toBe(400);
  expect(await pressed.json()).toMatchObject({ message: "Enter the amount you want to pay." });
  expect((await refusal(confirm(session.id))).message).toContain("custom_unit_amount");
  expect((await refusal(confirm(session.id, 49))).message).toContain("greater than or equal to 50");
  // Devanagari's digits.
  expect(await onPage(session.id, "२५")).toMatchObject({ button: "Pay $25.00" });
  await confirm(session.id);
  expect((await shop.stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(2_500);
  const fixed = await shop.session();
  expect((await refusal(confirm(fixed.id, 500))).param).toBe("custom_unit_amount");
});

test("a payment link leads to a page on which the buyer decides", async () => {
  const { id } = await price();
  const link = await shop.stripe.paymentLinks.create({ line_items: [{ price: id, quantity: 1 }] });
  for (const amount of [700, 900]) {
    const visit = await fetch(link.url, { redirect: "manual" });
    const session = new URL(visit.headers.get("location") ?? "").pathname.split("/").at(-1) ?? "";
    await confirm(session, amount);
    const paid = await shop.stripe.checkout.sessions.retrieve(session);
    expect(paid).toMatchObject({ amount_total: amount, payment_link: link.id, payment_status: "paid" });
  }
});

test("taxes come on top of what the buyer has decided", async () => {
  const rate = await shop.stripe.taxRates.create({ display_name: "VAT", inclusive: false, percentage: 10 });
  const { id } = await price();
  const session = await shop.session({ line_items: [{ price: id, quantity: 1, tax_rates: [rate.id] }] });
  await confirm(session.id, 1_000);
  expect(await shop.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
    amount_subtotal: 1_000,
    amount_total: 1_100,
    total_details: { amount_tax: 100 },
  });
});
