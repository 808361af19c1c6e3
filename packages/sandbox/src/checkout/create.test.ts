import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

const HOUR = 3600;
const DAY = 24 * HOUR;

test("a new session is open, unpaid and has a page", async () => {
  const session = await shop.session({
    client_reference_id: "order-1",
    metadata: { order_id: "order-1" },
    locale: "hi-IN",
    allow_promotion_codes: true,
    customer_email: "asha@example.com",
  });
  expect(session).toMatchObject({
    amount_subtotal: 49_900,
    amount_total: 49_900,
    client_reference_id: "order-1",
    currency: "inr",
    customer_creation: "if_required",
    customer_email: "asha@example.com",
    expires_at: session.created + 24 * HOUR,
    livemode: false,
    locale: "hi-IN",
    metadata: { order_id: "order-1" },
    mode: "payment",
    payment_intent: null,
    payment_status: "unpaid",
    status: "open",
    ui_mode: "hosted_page",
  });
  expect(session.id).toMatch(/^cs_test_a1\w{56}$/);
  expect(session.url).toMatch(new RegExp(`^${shop.sandbox.url}/c/pay/${session.id}#`));
});

test("each rule between parameters is kept", async () => {
  const customer = await shop.stripe.customers.create({ email: "known@example.com" });
  const soon = Math.floor(Date.now() / 1000) + HOUR;
  const wrong: [string, Partial<Stripe.Checkout.SessionCreateParams>][] = [
    ["customer", { customer: customer.id, customer_email: "x@example.com" }],
    ["customer_update", { customer_update: { name: "auto" } }],
    ["customer_creation", { customer: customer.id, customer_creation: "always" }],
    ["payment_method_collection", { payment_method_collection: "always" }],
    ["subscription_data", { subscription_data: { metadata: { a: "b" } } }],
    ["ui_mode", { ui_mode: "hosted" }],
    ["success_url", { success_url: "not an address" }],
    ["locale", { locale: "tlh" }],
    ["client_reference_id", { client_reference_id: "x".repeat(201) }],
    ["customer_email", { customer_email: "nobody" }],
    ["expires_at", { expires_at: soon - HOUR }],
    ["expires_at", { expires_at: soon + 24 * HOUR }],
    ["discounts[0][coupon]", { discounts: [{ coupon: "ten" }] }],
  ];
  for (const [param, extra] of wrong) {
    const error = await refusal(shop.session(extra));
    expect([error.statusCode, error.param]).toEqual([400, param]);
  }
});

test("what is needed is asked for", async () => {
  expect((await refusal(shop.stripe.checkout.sessions.create({ mode: "payment" }))).param).toBe(
    "success_url",
  );
  expect((await refusal(shop.session({ line_items: [] }))).param).toBe("line_items");
  const noMode = { success_url: "http://shop.test/" };
  expect((await refusal(shop.stripe.checkout.sessions.create(noMode))).param).toBe("mode");
});

test("payment methods can't be named at this version, and can at an older one", async () => {
  const params = {
    mode: "payment",
    success_url: "http://shop.test/",
    payment_method_types: ["card"],
    line_items: [
      { price_data: { currency: "usd", unit_amount: 500, product_data: { name: "x" } }, quantity: 1 },
    ],
  };
  const create = (apiVersion: string) =>
    shop.stripe.rawRequest("POST", "/v1/checkout/sessions", params, { apiVersion });
  const error = await refusal(create(Stripe.API_VERSION));
  expect(error).toMatchObject({ code: "parameter_unknown", param: "payment_method_types" });
  expect(await create("2024-06-20")).toMatchObject({ object: "checkout.session" });
});

test("what is said of a way to pay is shown, and its payment has it", async () => {
  const held = await shop.session({
    payment_method_options: {
      card: {
        capture_method: "manual",
        request_overcapture: "if_available",
        setup_future_usage: "off_session",
      },
      oxxo: { expires_after_days: 5 },
      us_bank_account: { target_date: "2026-12-24" },
    },
    payment_method_data: { allow_redisplay: "limited" },
    customer_creation: "always",
  });
  expect(held.payment_method_options).toEqual({
    card: {
      capture_method: "manual",
      request_overcapture: "if_available",
      request_three_d_secure: "automatic",
      setup_future_usage: "off_session",
    },
    oxxo: { expires_after_days: 5 },
    us_bank_account: { target_date: "2026-12-24" },
  });
  await shop.confirm(held.id);
  const { customer, payment_intent: intent } = await shop.stripe.checkout.sessions.retrieve(held.id, {
    expand: ["payment_intent.payment_method"],
  });
  expect(intent).toMatchObject({
    payment_method: { allow_redisplay: "limited", customer },
    payment_method_options: { card: { capture_method: "manual" }, oxxo: { expires_after_days: 5 } },
    status: "requires_capture",
  });
  const { id } = await shop.session({ payment_method_options: { oxxo: { expires_after_days: 5 } } });
  await shop.submit(id, { cardNumber: "", paymentMethod: "oxxo" });
  const slip = await shop.stripe.checkout.sessions.retrieve(id, { expand: ["payment_intent"] });
  const { created, next_action } = Object(slip.payment_intent);
  expect(Math.round((next_action.oxxo_display_details.expires_after - created) / DAY)).toBe(5);
  const repeated = shop.session({
    payment_method_options: { upi: { setup_future_usage: "off_session" as "none" } },
  });
  expect((await refusal(repeated)).param).toBe("payment_method_options[upi][setup_future_usage]");
});

test("a brand of cards that is blocked can't pay, with a browser and without", async () => {
  const { id } = await shop.session({
    payment_method_options: {
      card: { restrictions: { brands_blocked: ["visa"], funding_types_blocked: ["prepaid"] } },
    },
  });
  expect((await refusal(shop.confirm(id, "pm_card_visa"))).param).toBe("payment_method");
  expect((await refusal(shop.confirm(id, "pm_card_mastercard_prepaid"))).param).toBe("payment_method");
  const typed = await shop.submit(id, {}, { accept: "application/json" });
  expect(await typed.json()).toMatchObject({
    problems: { cardNumber: expect.stringContaining("Try a different") },
  });
  expect((await shop.submit(id, { cardNumber: "5555 5555 5555 4444" })).headers.get("location")).toContain(
    "thanks",
  );
});

test("the page asks for the names that are collected, and the session and its customer have them", async () => {
  const session = await shop.session({
    customer_creation: "always",
    name_collection: { business: { enabled: true }, individual: { enabled: true, optional: true } },
  });
  expect(session.name_collection).toEqual({
    business: { enabled: true, optional: false },
    individual: { enabled: true, optional: true },
  });
  const missing = await shop.submit(session.id, {}, { accept: "application/json" });
  expect(Object.keys(Object(await missing.json()).problems)).toEqual(["businessName"]);
  await shop.submit(session.id, { businessName: "Rao & Sons" });
  const done = await shop.stripe.checkout.sessions.retrieve(session.id, { expand: ["customer"] });
  expect(done).toMatchObject({
    collected_information: { business_name: "Rao & Sons", individual_name: null },
    customer: { business_name: "Rao & Sons" },
    customer_details: { business_name: "Rao & Sons", name: "Asha Rao" },
  });
});

test("the total must reach what a card can be charged, unless it is nothing", async () => {
  const priced = (unit_amount: number, currency = "usd") =>
    shop.session({
      line_items: [{ price_data: { currency, unit_amount, product_data: { name: "x" } }, quantity: 1 }],
    });
  const small = await refusal(priced(49));
  expect(small.code).toBe("amount_too_small");
  expect(small.message).toBe("The Checkout Session's total amount due must add up to at least $0.50 usd");
  expect((await priced(50)).amount_total).toBe(50);
  expect((await priced(50, "jpy")).amount_total).toBe(50);
  expect(await priced(0)).toMatchObject({ amount_total: 0, payment_status: "no_payment_required" });
});

test("items must fit the mode, share a currency and be on sale", async () => {
  const monthly = {
    price_data: {
      currency: "inr",
      unit_amount: 100,
      recurring: { interval: "month" as const },
      product_data: { name: "m" },
    },
    quantity: 1,
  };
  const once = {
    price_data: { currency: "usd", unit_amount: 100, product_data: { name: "o" } },
    quantity: 1,
  };
  expect((await refusal(shop.session({ line_items: [monthly] }))).message).toContain("recurring price");
  expect((await refusal(shop.plan({ line_items: [once] }))).message).toContain(
    "at least one recurring price",
  );
  expect((await refusal(shop.plan({ line_items: [monthly, once] }))).message).toContain("same currency");
  const price = await shop.stripe.prices.create({
    currency: "inr",
    unit_amount: 100,
    product_data: { name: "p" },
  });
  await shop.stripe.prices.update(price.id, { active: false });
  const inactive = await refusal(shop.session({ line_items: [{ price: price.id, quantity: 1 }] }));
  expect(inactive.message).toContain("inactive");
});

test("a trial takes the recurring items off today's amount", async () => {
  const session = await shop.plan({ subscription_data: { trial_period_days: 7 } });
  expect(session).toMatchObject({ amount_total: 0, payment_status: "no_payment_required" });
  const tooSoon = { trial_end: Math.floor(Date.now() / 1000) + 47 * HOUR };
  expect((await refusal(shop.plan({ subscription_data: tooSoon }))).param).toBe(
    "subscription_data[trial_end]",
  );
});

test("sessions are found by payment, buyer, status and time", async () => {
  const paid = await shop.session({ customer_email: "found@example.com" });
  await shop.confirm(paid.id);
  const { payment_intent, created } = await shop.stripe.checkout.sessions.retrieve(paid.id);
  const ids = async (params: Stripe.Checkout.SessionListParams) =>
    (await shop.stripe.checkout.sessions.list(params)).data.map(({ id }) => id);
  expect(await ids({ payment_intent: String(payment_intent) })).toEqual([paid.id]);
  expect(await ids({ customer_details: { email: "found@example.com" } })).toEqual([paid.id]);
  expect(await ids({ status: "complete" })).toContain(paid.id);
  expect(await ids({ status: "open" })).not.toContain(paid.id);
  expect(await ids({ created: { gt: created + 60 } })).toEqual([]);
});

test("metadata can be changed while the rest stays", async () => {
  const session = await shop.session({ metadata: { a: "1" } });
  const updated = await shop.stripe.checkout.sessions.update(session.id, { metadata: { b: "2" } });
  expect({ ...updated }).toEqual({ ...session, metadata: { a: "1", b: "2" } });
});

test("line items are listed in their order and in pages", async () => {
  const item = (name: string) => ({
    price_data: { currency: "inr", unit_amount: 5_000, product_data: { name } },
    quantity: 2,
  });
  const session = await shop.session({ line_items: ["a", "b", "c"].map(item) });
  const names: (string | null)[] = [];
  for await (const line of shop.stripe.checkout.sessions.listLineItems(session.id, { limit: 2 })) {
    names.push(line.description);
    expect(line.amount_total).toBe(10_000);
  }
  expect(names).toEqual(["a", "b", "c"]);
});
