import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Billing } from "../billing/test-billing.ts";
import { refusal, TestShop } from "../test-shop.ts";

/** What recordings of Stripe show of customers, subscriptions and invoices. */

let shop: TestShop;
let billing: Billing;
beforeAll(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
});
afterAll(() => shop.close());

const halfOff = () => shop.stripe.coupons.create({ percent_off: 50, duration: "forever" });

test("a customer's credit by currency can be expanded", async () => {
  const { id } = await shop.stripe.customers.create({ balance: -500 });
  const customer = await shop.stripe.customers.retrieve(id, { expand: ["invoice_credit_balance"] });
  expect(customer).toMatchObject({ invoice_credit_balance: { usd: -500 } });
});

test("what was told of a customer is kept, and can be taken back", async () => {
  const customer = await shop.stripe.customers.create({
    business_name: "Rao & Sons",
    individual_name: "Asha Rao",
    invoice_settings: {
      custom_fields: [{ name: "PO", value: "7" }],
      rendering_options: { amount_tax_display: "include_inclusive_tax" },
    },
    tax: { ip_address: "203.0.113.7" },
  });
  expect(customer).toMatchObject({
    business_name: "Rao & Sons",
    customer_account: null,
    individual_name: "Asha Rao",
    invoice_settings: {
      custom_fields: [{ name: "PO", value: "7" }],
      rendering_options: { amount_tax_display: "include_inclusive_tax", template: null },
    },
  });
  const { tax } = Object(await shop.stripe.customers.retrieve(customer.id, { expand: ["tax"] }));
  expect(tax).toMatchObject({ ip_address: "203.0.113.7" });
  const cleared = await shop.stripe.customers.update(customer.id, {
    invoice_settings: { custom_fields: "" },
  });
  expect(cleared.invoice_settings.custom_fields).toBeNull();
});

test("a product keeps its measures", async () => {
  const package_dimensions = { height: 1.5, length: 20, weight: 3, width: 10 };
  const { id } = await shop.stripe.products.create({ name: "Box", package_dimensions });
  expect((await shop.stripe.products.retrieve(id)).package_dimensions).toEqual(package_dimensions);
});

test("an invoice item keeps its coupon, and costs as much less", async () => {
  const customer = await billing.customer();
  const coupon = await halfOff();
  const invoice = await shop.stripe.invoices.create({ customer: customer.id });
  const item = await shop.stripe.invoiceItems.create({
    amount: 1_000,
    currency: "usd",
    customer: customer.id,
    discounts: [{ coupon: coupon.id }],
    invoice: invoice.id,
  });
  await shop.stripe.invoiceItems.create({
    amount: 300,
    currency: "usd",
    customer: customer.id,
    invoice: invoice.id,
  });
  expect(item.discounts).toHaveLength(1);
  const billed = await shop.stripe.invoices.retrieve(invoice.id);
  expect(billed).toMatchObject({ subtotal: 1_300, total: 800 });
  expect(billed.lines.data.map(({ discounts }) => discounts.length)).toEqual([1, 0]);
});

test("an item over a bare amount has a price and a product all the same", async () => {
  const customer = await billing.customer();
  const item = await shop.stripe.invoiceItems.create({ amount: 700, currency: "usd", customer: customer.id });
  expect(item.pricing).toMatchObject({
    price_details: { price: expect.stringMatching(/^price_/), product: expect.stringMatching(/^prod_/) },
    type: "price_details",
  });
});

test("a discounted invoice names its discounts as credits before tax, and they can be expanded", async () => {
  const customer = await billing.customer();
  const coupon = await halfOff();
  const { id } = await billing.subscribe(customer.id, { discounts: [{ coupon: coupon.id }] });
  const { latest_invoice: invoice } = await shop.stripe.subscriptions.retrieve(id, {
    expand: ["latest_invoice.total_discount_amounts.discount"],
  });
  const discount = { object: "discount", source: { coupon: coupon.id } };
  expect(invoice).toMatchObject({
    lines: { data: [{ pretax_credit_amounts: [{ amount: 1_000, type: "discount" }] }] },
    total_discount_amounts: [{ amount: 1_000, discount }],
    total_pretax_credit_amounts: [{ amount: 1_000, type: "discount" }],
  });
  const deeper = await shop.stripe.invoices.retrieve(String(Object(invoice).id), {
    expand: ["total_discount_amounts.discount.source.coupon"],
  });
  expect(deeper.total_discount_amounts).toMatchObject([
    { discount: { source: { coupon: { id: coupon.id, object: "coupon" } } } },
  ]);
});

test("a paid invoice's secret is asked for in vain, and not refused", async () => {
  const customer = await billing.customer();
  const trial = await billing.subscribe(customer.id, {
    expand: ["latest_invoice.confirmation_secret"],
    trial_period_days: 5,
  });
  expect(trial.latest_invoice).toMatchObject({ confirmation_secret: null });
});

test("an invoice's payment is captured, and booked, at once", async () => {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id);
  const { data } = await shop.stripe.invoicePayments.list({
    expand: ["data.payment.payment_intent"],
    invoice: String(subscription.latest_invoice),
  });
  const intent = data[0]?.payment.payment_intent;
  expect(intent).toMatchObject({ capture_method: "automatic", description: "Subscription creation" });
  const charge = await shop.stripe.charges.retrieve(String(Object(intent).latest_charge));
  expect(charge.balance_transaction).toMatch(/^txn_/);
});

test("an invoice by hand is paid for as one, and a draft of nothing can be made for a subscription", async () => {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id);
  const draft = await shop.stripe.invoices.create({ subscription: subscription.id });
  expect(draft).toMatchObject({ status: "draft", total: 0 });
  const manual = await shop.stripe.invoices.create({ customer: customer.id });
  await shop.stripe.invoiceItems.create({ amount: 500, customer: customer.id, invoice: manual.id });
  await shop.stripe.invoices.pay(manual.id);
  const [intent] = (await shop.stripe.paymentIntents.list({ customer: customer.id, limit: 1 })).data;
  expect(intent?.description).toBe("Payment for Invoice");
});

test("a trial's line names its unit", async () => {
  const customer = await billing.customer();
  const product = await shop.stripe.products.create({ name: "Team", unit_label: "user" });
  const price = await shop.stripe.prices.create({
    currency: "usd",
    product: product.id,
    recurring: { interval: "month" },
    unit_amount: 900,
  });
  const trial = await billing.subscribe(customer.id, { items: [{ price: price.id }], trial_period_days: 5 });
  const invoice = await billing.latestInvoice(trial);
  expect(invoice.lines.data[0]?.description).toBe("Free trial for 1 user × Team");
});

test("while the bank asks, the first invoice was not attempted", async () => {
  const customer = await billing.customer("pm_card_authenticationRequired");
  const subscription = await billing.subscribe(customer.id);
  expect(subscription.status).toBe("incomplete");
  expect(await billing.latestInvoice(subscription)).toMatchObject({ attempt_count: 0, status: "open" });
});

test("a subscription that is canceled now has no end planned any more", async () => {
  const customer = await billing.customer();
  const { id } = await billing.subscribe(customer.id);
  await shop.stripe.subscriptions.update(id, { cancel_at_period_end: true });
  const canceled = await shop.stripe.subscriptions.cancel(id);
  expect(canceled).toMatchObject({ cancel_at: null, cancel_at_period_end: false, status: "canceled" });
});

test("a subscription with one item says its plan and quantity, and with two neither", async () => {
  const customer = await billing.customer();
  const other = await billing.priceOf(500);
  const one = await billing.subscribe(customer.id, { items: [{ price: billing.price.id, quantity: 3 }] });
  expect(one).toMatchObject({ items: { total_count: 1 }, plan: { id: billing.price.id }, quantity: 3 });
  const two = await shop.stripe.subscriptions.update(one.id, { items: [{ price: other.id }] });
  expect(two).toMatchObject({ items: { total_count: 2 }, plan: null, quantity: null });
});

test("what was told of a subscription is kept", async () => {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id, {
    billing_mode: { type: "classic" },
    invoice_settings: { custom_fields: [{ name: "PO", value: "9" }] },
    payment_settings: { payment_method_types: ["card"] },
  });
  expect(subscription).toMatchObject({
    billing_mode: { flexible: null, type: "classic" },
    invoice_settings: { custom_fields: [{ name: "PO", value: "9" }] },
    payment_settings: { payment_method_types: ["card"] },
  });
  expect((await billing.latestInvoice(subscription)).custom_fields).toEqual([{ name: "PO", value: "9" }]);
});

test("what was told of an invoice is kept", async () => {
  const customer = await billing.customer();
  const tax = await shop.stripe.customers.createTaxId(customer.id, { type: "eu_vat", value: "DE123456789" });
  const told: Stripe.InvoiceCreateParams = {
    account_tax_ids: [tax.id],
    custom_fields: [{ name: "PO", value: "11" }],
    effective_at: 1_700_000_000,
    payment_settings: { payment_method_types: ["card"] },
    rendering: { amount_tax_display: "exclude_tax", pdf: { page_size: "a4" } },
    shipping_details: { address: { city: "Pune", country: "IN" }, name: "Asha" },
  };
  const invoice = await shop.stripe.invoices.create({ customer: customer.id, ...told });
  expect(invoice).toMatchObject(told);
  const changed = await shop.stripe.invoices.update(invoice.id, { custom_fields: "", shipping_details: "" });
  expect(changed).toMatchObject({ custom_fields: null, shipping_details: null });
});

test("a customer's subscriptions are all in one currency", async () => {
  const customer = await billing.customer();
  await billing.subscribe(customer.id);
  const rupees = await shop.stripe.prices.create({
    currency: "inr",
    product: String(billing.price.product),
    recurring: { interval: "month" },
    unit_amount: 50_000,
  });
  const error = await refusal(billing.subscribe(customer.id, { items: [{ price: rupees.id }] }));
  expect(error.message).toContain("You cannot combine currencies on a single customer.");
});
