import { afterAll, beforeAll, expect, test } from "vitest";
import { Billing } from "../billing/test-billing.ts";
import { refusal, TestShop } from "../test-shop.ts";
import { CHANGES } from "./chain.ts";

const ACACIA = "2025-02-24.acacia";
const OLDEST = "2020-08-27";

let shop: TestShop;
let billing: Billing;
beforeAll(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
});
afterAll(() => shop.close());

const get = (path: string, apiVersion: string): Promise<unknown> =>
  shop.stripe.rawRequest("GET", path, undefined, { apiVersion });
const post = (path: string, params: object, apiVersion: string): Promise<unknown> =>
  shop.stripe.rawRequest("POST", path, { ...params }, { apiVersion });

async function subscribed() {
  const customer = await billing.customer();
  const { id: coupon } = await shop.stripe.coupons.create({ percent_off: 50, duration: "forever" });
  const subscription = await billing.subscribe(customer.id, { discounts: [{ coupon }] });
  return { coupon, customer, subscription, invoice: String(subscription.latest_invoice) };
}

test("the changes are in the order of their versions, newest first", () => {
  const versions = CHANGES.map(({ since }) => since);
  expect(versions).toEqual(versions.toSorted().reverse());
});

test("before basil a subscription has its period, its discount and its coupon in itself", async () => {
  const { coupon, subscription } = await subscribed();
  const [item] = subscription.items.data;
  expect(await get(`/v1/subscriptions/${subscription.id}`, ACACIA)).toMatchObject({
    current_period_end: item?.current_period_end,
    current_period_start: item?.current_period_start,
    discount: { object: "discount", coupon: { id: coupon, object: "coupon", percent_off: 50 } },
    plan: { id: billing.price.id, object: "plan" },
    quantity: 1,
  });
  const today = await shop.stripe.subscriptions.retrieve(subscription.id);
  expect(today).not.toHaveProperty("current_period_end");
  expect(today).not.toHaveProperty("discount");
});

test("before basil an invoice names its subscription and its payment, and its lines their price", async () => {
  const { subscription, invoice } = await subscribed();
  const old = await get(`/v1/invoices/${invoice}`, ACACIA);
  expect(old).toMatchObject({
    application_fee_amount: null,
    charge: expect.stringMatching(/^ch_/),
    discount: { object: "discount" },
    lines: {
      data: [
        {
          plan: { id: billing.price.id },
          price: { id: billing.price.id, object: "price" },
          proration: false,
          subscription: subscription.id,
          subscription_item: subscription.items.data[0]?.id,
          tax_amounts: [],
          type: "subscription",
        },
      ],
    },
    paid: true,
    paid_out_of_band: false,
    payment_intent: expect.stringMatching(/^pi_/),
    quote: null,
    subscription: subscription.id,
    tax: null,
    total_tax_amounts: [],
  });
  expect(await shop.stripe.invoices.retrieve(invoice)).not.toHaveProperty("paid");
});

test("what could be expanded then can be expanded, in its shape of then", async () => {
  const { subscription, invoice } = await subscribed();
  const path = `/v1/subscriptions/${subscription.id}?expand[]=latest_invoice.payment_intent.latest_charge`;
  expect(await get(path, ACACIA)).toMatchObject({
    latest_invoice: {
      id: invoice,
      paid: true,
      payment_intent: { invoice, latest_charge: { invoice, object: "charge" }, object: "payment_intent" },
    },
  });
  expect((await refusal(shop.stripe.rawRequest("GET", path))).message).toContain("cannot be expanded");
});

test("an invoice without a payment yet names none", async () => {
  const customer = await billing.customer();
  const { id } = await shop.stripe.invoices.create({ customer: customer.id });
  expect(await get(`/v1/invoices/${id}`, ACACIA)).toMatchObject({
    charge: null,
    paid: false,
    payment_intent: null,
  });
});

test("the upcoming invoice is there until basil", async () => {
  const { customer, subscription } = await subscribed();
  const path = `/v1/invoices/upcoming?customer=${customer.id}&subscription=${subscription.id}`;
  expect(await get(path, ACACIA)).toMatchObject({
    object: "invoice",
    subscription: subscription.id,
    total: 1_000,
  });
  expect(await get(path, ACACIA)).not.toHaveProperty("id");
  const changed = `${path}&subscription_items[0][id]=${subscription.items.data[0]?.id}&subscription_items[0][quantity]=3&subscription_proration_behavior=none`;
  expect(await get(changed, ACACIA)).toMatchObject({ total: 3_000 });
  const lines = `/v1/invoices/upcoming/lines?subscription=${subscription.id}&limit=1`;
  expect(await get(lines, ACACIA)).toMatchObject({ object: "list", data: [{ object: "line_item" }] });
  expect((await refusal(shop.stripe.rawRequest("GET", path))).statusCode).toBe(404);
});

test("before basil a list counts all its pages when it is asked to", async () => {
  await Promise.all(
    [1, 2, 3].map(() => shop.stripe.products.create({ name: "counted", url: "https://count.test" })),
  );
  const path = "/v1/products?limit=1&url=https://count.test&expand[]=total_count";
  expect(await get(path, ACACIA)).toMatchObject({ has_more: true, total_count: 3 });
  expect((await refusal(get(path, "2025-03-31.basil"))).param).toBe("expand");
  expect((await refusal(shop.stripe.rawRequest("GET", path))).param).toBe("expand");
});

test("before 2022-08-01 a session's rate for shipping stands in itself", async () => {
  const fixed_amount = { amount: 500, currency: "inr" };
  const rate = await shop.stripe.shippingRates.create({
    display_name: "Post",
    fixed_amount,
    type: "fixed_amount",
  });
  const params = {
    cancel_url: "http://shop.test/cart",
    line_items: [{ amount: 1_200, currency: "inr", name: "Poster", quantity: 2 }],
    shipping_address_collection: { allowed_countries: ["IN"] },
    shipping_rates: [rate.id],
    success_url: "http://shop.test/thanks",
  };
  const session = await post("/v1/checkout/sessions", params, OLDEST);
  expect(session).toMatchObject({ amount_total: 2_900, shipping_rate: rate.id });
  const path = `/v1/checkout/sessions/${Object(session).id}`;
  expect(await get(`${path}?expand[]=shipping_rate`, OLDEST)).toMatchObject({
    shipping_rate: { display_name: "Post", object: "shipping_rate" },
  });
  expect(await get(path, "2022-08-01")).not.toHaveProperty("shipping_rate");
  expect(await get(path, "2022-08-01")).not.toHaveProperty("shipping");
});

test("before basil a credit note names one refund, and taxes as amounts, and a line what it is without them", async () => {
  const { id: rate } = await shop.stripe.taxRates.create({
    display_name: "VAT",
    inclusive: true,
    percentage: 25,
  });
  const customer = await billing.customer();
  const { id } = await shop.stripe.invoices.create({ customer: customer.id, default_tax_rates: [rate] });
  await shop.stripe.invoices.addLines(id, { lines: [{ amount: 1_000 }] });
  const paid = await shop.stripe.invoices.pay(id, { expand: ["payments"] });
  const [line] = paid.lines.data;
  const intent = String(paid.payments?.data[0]?.payment.payment_intent);
  const refund = await shop.stripe.refunds.create({ amount: 1_000, payment_intent: intent });
  const lines = [{ amount: 1_000, invoice_line_item: line?.id, type: "invoice_line_item" }];
  const given = { invoice: id, lines, refund: refund.id };
  const tax = { amount: 200, inclusive: true, tax_rate: rate };
  expect(await post("/v1/credit_notes", given, ACACIA)).toMatchObject({
    lines: { data: [{ amount_excluding_tax: 800, tax_amounts: [tax], unit_amount_excluding_tax: "800" }] },
    refund: refund.id,
    tax_amounts: [tax],
  });
  expect(await get(`/v1/invoices/${id}`, ACACIA)).toMatchObject({
    lines: { data: [{ amount_excluding_tax: 800, tax_amounts: [tax], unit_amount_excluding_tax: "800" }] },
  });
  const [note] = (await shop.stripe.creditNotes.list({ invoice: id })).data;
  expect(await get(`/v1/credit_notes/${note?.id}?expand[]=refund`, ACACIA)).toMatchObject({
    refund: { amount: 1_000, object: "refund" },
  });
});

test("before basil a customer's coupon is a parameter, and a schedule's phase has one", async () => {
  const { id: coupon } = await shop.stripe.coupons.create({ duration: "forever", percent_off: 30 });
  const customer = await billing.customer();
  expect(await post(`/v1/customers/${customer.id}`, { coupon }, ACACIA)).toMatchObject({
    discount: { coupon: { id: coupon } },
  });
  expect(await refusal(post(`/v1/customers/${customer.id}`, { coupon }, "2025-03-31.basil"))).toMatchObject({
    code: "parameter_unknown",
    param: "coupon",
  });
  const items = [{ price: billing.price.id }];
  const plan = { customer: customer.id, phases: [{ coupon, items, iterations: 2 }], start_date: "now" };
  expect(await post("/v1/subscription_schedules", plan, ACACIA)).toMatchObject({ phases: [{ coupon }] });
});

test("an event is in the version that it names, whatever asks for it", async () => {
  const { subscription } = await subscribed();
  const [event] = (await shop.stripe.events.list({ type: "customer.subscription.created" })).data;
  expect(event?.data.object).toMatchObject({ id: subscription.id });
  const old = await get(`/v1/events/${event?.id}`, ACACIA);
  expect(old).toMatchObject({ api_version: "2026-10-28.endive" });
  expect(Object(old).data.object).not.toHaveProperty("current_period_end");
  const [listed] = Object(await get("/v1/events?type=customer.subscription.created", ACACIA)).data;
  expect(listed.data).toEqual(Object(old).data);
});

test("before clover a promotion code has its coupon in itself, and takes it there", async () => {
  const { id: coupon } = await shop.stripe.coupons.create({ percent_off: 20 });
  const made = await post("/v1/promotion_codes", { coupon, code: "OLDSHAPE" }, "2025-08-27.basil");
  expect(made).toMatchObject({ coupon: { id: coupon, object: "coupon" } });
  expect(await get(`/v1/promotion_codes?coupon=${coupon}`, ACACIA)).toMatchObject({
    data: [{ code: "OLDSHAPE", coupon: { id: coupon } }],
  });
});

test("before clover subscriptions are classic unless they say otherwise", async () => {
  const customer = await billing.customer();
  const params = { customer: customer.id, items: [{ price: billing.price.id }] };
  expect(await post("/v1/subscriptions", params, "2025-08-27.basil")).toMatchObject({
    billing_mode: { type: "classic" },
  });
  expect((await billing.subscribe(customer.id)).billing_mode.type).toBe("flexible");
});

test("before dahlia Checkout's pages have their old names", async () => {
  const { id } = await shop.session();
  expect(await get(`/v1/checkout/sessions/${id}`, "2026-02-25.clover")).toMatchObject({ ui_mode: "hosted" });
});

test("before 2022-11-15 a payment has its charges, and they their refunds", async () => {
  const { id } = await shop.stripe.paymentIntents.create({
    amount: 500,
    confirm: true,
    currency: "usd",
    payment_method: "pm_card_visa",
    return_url: "http://shop.test",
  });
  await shop.stripe.refunds.create({ payment_intent: id, amount: 100 });
  expect(await get(`/v1/payment_intents/${id}`, OLDEST)).toMatchObject({
    charges: { data: [{ refunds: { data: [{ amount: 100 }] } }], object: "list", total_count: 1 },
  });
});

test("before 2022-08-01 a session's items name what they cost, and its payment and customer are there at once", async () => {
  const params = {
    cancel_url: "http://shop.test/cart",
    line_items: [{ amount: 1_200, currency: "usd", name: "Poster", quantity: 2 }],
    payment_method_types: ["card"],
    success_url: "http://shop.test/thanks",
  };
  const session = await post("/v1/checkout/sessions", params, OLDEST);
  expect(session).toMatchObject({
    amount_total: 2_400,
    customer_creation: "always",
    mode: "payment",
    payment_intent: expect.stringMatching(/^pi_/),
    shipping: null,
    shipping_details: null,
  });
  const id = String(Object(session).id);
  await shop.confirm(id);
  const paid = await shop.stripe.checkout.sessions.retrieve(id, { expand: ["payment_intent"] });
  expect(paid).toMatchObject({
    customer: expect.stringMatching(/^cus_/),
    payment_intent: { id: Object(session).payment_intent, status: "succeeded" },
  });
});

test("before 2023-08-16 a payment that names no types takes cards only", async () => {
  expect(await post("/v1/payment_intents", { amount: 500, currency: "usd" }, "2022-11-15")).toMatchObject({
    capture_method: "automatic",
    payment_method_types: ["card"],
  });
});

test("an endpoint is sent the shapes of the version it was made with, and the other ones today's", async () => {
  const old = await TestShop.open();
  try {
    const [first] = (await old.stripe.webhookEndpoints.list()).data;
    await old.stripe.webhookEndpoints.del(first?.id ?? "");
    const url = old.receiverUrl;
    const made = await old.stripe.rawRequest("POST", "/v1/webhook_endpoints", {
      api_version: ACACIA,
      enabled_events: ["customer.subscription.created", "customer.subscription.updated", "invoice.paid"],
      url,
    });
    expect(made).toMatchObject({ api_version: ACACIA });
    old.trust(String(Object(made).secret));
    await old.confirm((await old.plan()).id);
    await old.types();
    const { event } = old.received.find(({ event: one }) => one.type === "invoice.paid") ?? {};
    expect(event?.api_version).toBe(ACACIA);
    expect(event?.data.object).toMatchObject({
      paid: true,
      payment_intent: expect.stringMatching(/^pi_/),
      subscription: expect.stringMatching(/^sub_/),
    });
    const created = old.last("customer.subscription.created").data.object;
    expect(created).toMatchObject({ current_period_end: created.items.data[0]?.current_period_end });
    await old.advance(40 * 86_400);
    await old.types();
    const renewed = old.last("customer.subscription.updated").data;
    expect(renewed.previous_attributes).toMatchObject({
      current_period_end: created.items.data[0]?.current_period_end,
      current_period_start: created.items.data[0]?.current_period_start,
    });
    expect(renewed.object).not.toMatchObject(renewed.previous_attributes ?? {});
  } finally {
    await old.close();
  }
});

test("the errors of older versions carry objects of then", async () => {
  const declined = post(
    "/v1/payment_intents",
    { amount: 500, currency: "usd", confirm: true, payment_method: "pm_card_visa_chargeDeclined" },
    OLDEST,
  );
  expect((await refusal(declined)).raw).toMatchObject({
    payment_intent: { charges: { data: [{ status: "failed" }] } },
  });
});

test.each(["1999-01-01", "2024-06-20.basil", "2025-03-31", "2031-01-01.endive", "yesterday"])(
  "%s is no version of Stripe's",
  async (version) => {
    const error = await refusal(get("/v1/products", version));
    expect(error).toMatchObject({ message: `Invalid Stripe API version: ${version}`, statusCode: 400 });
  },
);

test.each([
  "2020-08-27",
  "2024-06-20",
  "2025-03-31.basil",
  "2025-09-30.preview",
  "2020-08-27;custom_checkout_beta=v1",
])("%s is one", async (version) => {
  expect(await get("/v1/products", version)).toMatchObject({ object: "list" });
});
