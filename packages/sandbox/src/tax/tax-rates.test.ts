import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
let stripe: Stripe;
/** 18 % on top, and 19 % within the price. */
let gst: Stripe.TaxRate;
let vat: Stripe.TaxRate;
beforeAll(async () => {
  shop = await TestShop.open();
  stripe = shop.stripe;
  gst = await stripe.taxRates.create({
    country: "IN",
    display_name: "GST",
    inclusive: false,
    percentage: 18,
    tax_type: "gst",
  });
  vat = await stripe.taxRates.create({ display_name: "MwSt.", inclusive: true, percentage: 19 });
});
afterAll(() => shop.close());
beforeEach(async () => {
  await shop.types();
  shop.forget();
});

const MONTH = 32 * 86_400;

const item = (currency: string, unit_amount: number, name = "Handbook") => ({
  price_data: { currency, unit_amount, product_data: { name } },
  quantity: 1,
});

test("a tax rate is made, changed, read and listed; what it takes can't be changed", async () => {
  expect(gst).toMatchObject({ active: true, jurisdiction: null, object: "tax_rate", percentage: 18 });
  expect(await stripe.taxRates.retrieve(gst.id)).toEqual(gst);
  const old = await stripe.taxRates.create({ display_name: "Old", inclusive: false, percentage: 7.7 });
  const gone = await stripe.taxRates.update(old.id, { active: false, metadata: { until: "2023" } });
  expect(gone).toMatchObject({ active: false, metadata: { until: "2023" }, percentage: 7.7 });
  const ids = async (params: Stripe.TaxRateListParams) =>
    (await stripe.taxRates.list(params)).data.map(({ id }) => id);
  expect(await ids({ active: true })).toEqual([vat.id, gst.id]);
  expect(await ids({ active: false })).toEqual([old.id]);
  expect(await ids({ inclusive: true })).toEqual([vat.id]);
  expect(await shop.types()).toEqual(["tax_rate.created", "tax_rate.updated"]);
  const percentage = stripe.rawRequest("POST", `/v1/tax_rates/${gst.id}`, { percentage: 20 });
  expect((await refusal(percentage)).code).toBe("parameter_unknown");
  const retired = shop.session({ line_items: [{ ...item("inr", 100_00), tax_rates: [old.id] }] });
  expect((await refusal(retired)).message).toContain("inactive");
  const unknown = shop.session({ line_items: [{ ...item("inr", 100_00), tax_rates: ["txr_no"] }] });
  expect(await refusal(unknown)).toMatchObject({
    code: "resource_missing",
    message: "No such tax rate: 'txr_no'",
    param: "line_items[0][tax_rates][0]",
  });
});

test("an exclusive rate is paid on top, an inclusive one is within the price, and each line tells its own", async () => {
  const { id } = await shop.session({
    line_items: [
      { ...item("inr", 49_900), tax_rates: [gst.id] },
      { ...item("inr", 11_900, "Poster"), tax_rates: [vat.id] },
      item("inr", 1_000, "Card"),
    ],
  });
  const session = await stripe.checkout.sessions.retrieve(id, {
    expand: ["line_items.data.taxes", "total_details.breakdown"],
  });
  expect(session).toMatchObject({
    amount_subtotal: 62_800,
    amount_total: 71_782,
    automatic_tax: { enabled: false, status: null },
    total_details: { amount_tax: 10_882 },
  });
  expect(session.line_items?.data).toMatchObject([
    {
      amount_subtotal: 49_900,
      amount_tax: 8_982,
      amount_total: 58_882,
      taxes: [{ amount: 8_982, rate: { id: gst.id }, taxability_reason: null, taxable_amount: 49_900 }],
    },
    {
      amount_subtotal: 11_900,
      amount_tax: 1_900,
      amount_total: 11_900,
      taxes: [{ amount: 1_900, rate: { id: vat.id }, taxable_amount: 10_000 }],
    },
    { amount_tax: 0, amount_total: 1_000, taxes: [] },
  ]);
  expect(session.total_details?.breakdown?.taxes).toMatchObject([
    { amount: 8_982, rate: { id: gst.id } },
    { amount: 1_900, rate: { id: vat.id } },
  ]);
  const bare = await stripe.checkout.sessions.listLineItems(id);
  expect(bare.data[0]).not.toHaveProperty("taxes");
  await shop.confirm(id);
  const paid = await stripe.checkout.sessions.retrieve(id, { expand: ["payment_intent"] });
  expect(paid.payment_intent).toMatchObject({ amount_received: 71_782 });
});

test("a promotion code comes off first, and only what is left is taxed", async () => {
  const coupon = await stripe.coupons.create({ percent_off: 25 });
  const promotion = { coupon: coupon.id, type: "coupon" } as const;
  const { code } = await stripe.promotionCodes.create({ code: "QUARTER", promotion });
  const { id } = await shop.session({
    allow_promotion_codes: true,
    line_items: [{ ...item("inr", 40_000), tax_rates: [gst.id] }],
  });
  await fetch(`${shop.sandbox.url}/c/pay/${id}/promotion`, {
    body: new URLSearchParams({ promotionCode: code }),
    method: "POST",
    redirect: "manual",
  });
  const session = await stripe.checkout.sessions.retrieve(id, { expand: ["total_details.breakdown"] });
  expect(session).toMatchObject({
    amount_subtotal: 40_000,
    amount_total: 35_400,
    total_details: {
      amount_discount: 10_000,
      amount_tax: 5_400,
      breakdown: { discounts: [{ amount: 10_000 }], taxes: [{ amount: 5_400, taxable_amount: 30_000 }] },
    },
  });
});

test.each([
  ["jpy", 1_055, 18, 190, 1_245],
  ["kwd", 12_350, 10, 1_240, 13_590],
  ["usd", 1_005, 10, 101, 1_106],
])(
  "in %s, %i and %i %% of it come to what can be charged",
  async (currency, price, percentage, tax, total) => {
    const rate = await stripe.taxRates.create({ display_name: "Tax", inclusive: false, percentage });
    const { id } = await shop.session({ line_items: [{ ...item(currency, price), tax_rates: [rate.id] }] });
    await shop.confirm(id);
    const paid = await stripe.checkout.sessions.retrieve(id);
    expect(paid).toMatchObject({
      amount_total: total,
      payment_status: "paid",
      total_details: { amount_tax: tax },
    });
  },
);

test("a subscription bought on the page keeps its rates: its first invoice is what was paid, and it renews with tax", async () => {
  const month = { interval: "month" } as const;
  const { id } = await shop.session({
    line_items: [
      {
        price_data: {
          currency: "inr",
          product_data: { name: "Pro" },
          recurring: month,
          unit_amount: 99_900,
        },
        quantity: 1,
        tax_rates: [vat.id],
      },
      {
        price_data: {
          currency: "inr",
          product_data: { name: "Seats" },
          recurring: month,
          unit_amount: 10_000,
        },
        quantity: 3,
      },
      item("inr", 5_000, "Set-up"),
    ],
    mode: "subscription",
    subscription_data: { default_tax_rates: [gst.id] },
  });
  await shop.confirm(id);
  const { amount_total, subscription, total_details } = await stripe.checkout.sessions.retrieve(id, {
    expand: ["subscription.latest_invoice"],
  });
  expect(total_details?.amount_tax).toBe(15_950 + 5_400 + 900);
  expect(amount_total).toBe(99_900 + 35_400 + 5_900);
  const bought = await stripe.subscriptions.retrieve(idOf(subscription), { expand: ["latest_invoice"] });
  expect(bought).toMatchObject({
    default_tax_rates: [{ id: gst.id }],
    items: { data: [{ tax_rates: [{ id: vat.id }] }, { tax_rates: [] }] },
    latest_invoice: {
      amount_paid: amount_total,
      default_tax_rates: [{ id: gst.id }],
      subtotal: 134_900,
      subtotal_excluding_tax: 134_900 - 15_950,
      total: amount_total,
      total_excluding_tax: 134_900 - 15_950,
      total_taxes: [
        { amount: 15_950, tax_behavior: "inclusive", tax_rate_details: { tax_rate: vat.id } },
        {
          amount: 6_300,
          tax_behavior: "exclusive",
          tax_rate_details: { tax_rate: gst.id },
          taxable_amount: 35_000,
        },
      ],
    },
  });
  await shop.advance(MONTH);
  const [renewal] = (await stripe.invoices.list({ subscription: bought.id })).data;
  expect(renewal).toMatchObject({
    amount_paid: 99_900 + 35_400,
    billing_reason: "subscription_cycle",
    status: "paid",
    total_taxes: [{ amount: 15_950 }, { amount: 5_400 }],
  });
});

test("a proration is taxed as what it is for", async () => {
  const customer = await stripe.customers.create({
    invoice_settings: { default_payment_method: "pm_card_visa" },
    payment_method: "pm_card_visa",
  });
  const { id: product } = await stripe.products.create({ name: "Pro" });
  const price = await stripe.prices.create({
    currency: "inr",
    product,
    recurring: { interval: "month" },
    unit_amount: 30_000,
  });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id, tax_rates: [gst.id] }],
  });
  const [line] = subscription.items.data;
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: line?.id ?? "", quantity: 2 }],
    proration_behavior: "always_invoice",
    // From the start on, whether or not a second has passed since.
    proration_date: subscription.start_date,
  });
  const [update] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(update?.billing_reason).toBe("subscription_update");
  expect(update?.lines.data.map(({ taxes }) => taxes?.[0]?.tax_rate_details?.tax_rate)).toEqual([
    gst.id,
    gst.id,
  ]);
  expect(update?.total).toBe(35_400);
  const none = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: line?.id ?? "", tax_rates: "" }],
  });
  expect(none.items.data[0]?.tax_rates).toEqual([]);
});

test("an invoice of its own is taxed by its default rates, its items by their own, and both can be changed while it is a draft", async () => {
  const { id: customer } = await stripe.customers.create({ email: "asha@example.com" });
  const draft = await stripe.invoices.create({ currency: "inr", customer, default_tax_rates: [gst.id] });
  await stripe.invoiceItems.create({ amount: 10_000, customer, invoice: draft.id });
  const own = await stripe.invoiceItems.create({
    amount: 11_900,
    customer,
    invoice: draft.id,
    tax_rates: [vat.id],
  });
  expect(own.tax_rates).toMatchObject([{ id: vat.id }]);
  expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({
    subtotal: 21_900,
    total: 23_700,
    total_excluding_tax: 20_000,
  });
  await stripe.invoiceItems.update(own.id, { tax_rates: "" });
  expect((await stripe.invoices.retrieve(draft.id)).total).toBe(21_900 + 1_800 + 2_142);
  const untaxed = await stripe.invoices.update(draft.id, { default_tax_rates: "" });
  expect(untaxed).toMatchObject({ total: 21_900, total_taxes: [] });
  await stripe.invoices.finalizeInvoice(draft.id);
  const late = stripe.invoices.update(draft.id, { default_tax_rates: [gst.id] });
  expect((await refusal(late)).code).toBe("invoice_not_editable");
});

test("an invoice's page and its PDF have a line for each tax", async () => {
  const { id: customer } = await stripe.customers.create({ email: "asha@example.com" });
  const draft = await stripe.invoices.create({ currency: "inr", customer, default_tax_rates: [gst.id] });
  await stripe.invoiceItems.create({ amount: 10_000, customer, invoice: draft.id });
  await stripe.invoiceItems.create({ amount: 11_900, customer, invoice: draft.id, tax_rates: [vat.id] });
  const { hosted_invoice_url, invoice_pdf } = await stripe.invoices.finalizeInvoice(draft.id);
  const page = await (await fetch(hosted_invoice_url ?? "")).text();
  expect(page).toMatch(/GST \(18%\)[^₹]*₹18\.00/);
  expect(page).toMatch(/MwSt\. \(19%\)[^₹]*included[^₹]*₹19\.00/);
  expect(await (await fetch(invoice_pdf ?? "")).text()).toContain("INR 18.00");
});

test("with invoice_creation the receipt has the page's taxes, shipping and discount", async () => {
  const coupon = await stripe.coupons.create({ amount_off: 900, currency: "inr" });
  const { id } = await shop.session({
    discounts: [{ coupon: coupon.id }],
    invoice_creation: { enabled: true },
    line_items: [{ ...item("inr", 10_900), tax_rates: [gst.id] }],
    shipping_options: [
      { shipping_rate_data: { display_name: "Post", fixed_amount: { amount: 500, currency: "inr" } } },
    ],
  });
  await shop.confirm(id);
  const { amount_total, invoice } = await stripe.checkout.sessions.retrieve(id, { expand: ["invoice"] });
  expect(amount_total).toBe(12_300);
  expect(invoice).toMatchObject({ amount_paid: 12_300, total: 12_300, total_taxes: [{ amount: 1_800 }] });
});

test("an exempt customer pays no tax, and the invoice says why", async () => {
  const customer = await stripe.customers.create({ email: "a@example.com", tax_exempt: "exempt" });
  const { id } = await shop.plan({
    customer: customer.id,
    line_items: [
      {
        price_data: {
          currency: "inr",
          product_data: { name: "Pro" },
          recurring: { interval: "month" },
          unit_amount: 10_000,
        },
        quantity: 1,
        tax_rates: [gst.id],
      },
    ],
  });
  await shop.confirm(id);
  const { amount_total, invoice } = await stripe.checkout.sessions.retrieve(id, { expand: ["invoice"] });
  expect(amount_total).toBe(10_000);
  expect(invoice).toMatchObject({
    total: 10_000,
    total_taxes: [{ amount: 0, taxability_reason: "customer_exempt" }],
  });
});

test("an embedded session's items can be given other rates", async () => {
  const session = await stripe.checkout.sessions.create({
    line_items: [{ ...item("inr", 10_000), tax_rates: [gst.id] }],
    mode: "payment",
    return_url: "http://shop.test/back",
    ui_mode: "embedded_page",
  });
  const [line] = (await stripe.checkout.sessions.listLineItems(session.id)).data;
  const more = await stripe.checkout.sessions.update(session.id, {
    line_items: [{ id: line?.id ?? "", quantity: 2 }],
  });
  expect(more.amount_total).toBe(23_600);
  const untaxed = await stripe.checkout.sessions.update(session.id, {
    line_items: [{ id: line?.id ?? "", tax_rates: "" }],
  });
  expect(untaxed.amount_total).toBe(20_000);
});

const idOf = (one: string | { id: string } | null) => (typeof one === "string" ? one : (one?.id ?? ""));
