import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
let stripe: Stripe;
beforeAll(async () => {
  shop = await TestShop.open();
  stripe = shop.stripe;
});
afterAll(() => shop.close());

const MONTH = 32 * 86_400;
const automatic_tax = { enabled: true };

const item = (
  unit_amount: number,
  tax_behavior: "exclusive" | "inclusive" | "unspecified",
  currency = "eur",
) => ({
  price_data: { currency, product_data: { name: "Handbook" }, tax_behavior, unit_amount },
  quantity: 1,
});

const monthly = (unit_amount: number) => ({
  price_data: {
    currency: "eur",
    product_data: { name: "Pro" },
    recurring: { interval: "month" },
    tax_behavior: "exclusive",
    unit_amount,
  },
  quantity: 1,
});

/** A card whose owner lives there. */
const cardOf = async (country: string) =>
  (
    await stripe.paymentMethods.create({
      billing_details: { address: { country } },
      card: { token: "tok_visa" },
      type: "card",
    })
  ).id;

/** The page's script says where the buyer is. */
const locate = (id: string, billingCountry: string) =>
  fetch(`${shop.sandbox.url}/c/pay/${id}/location`, {
    body: new URLSearchParams({ billingCountry }),
    headers: { Accept: "application/json" },
    method: "POST",
  });

test.each([
  ["IN", 1_800, "standard_rated"],
  ["DE", 1_900, "standard_rated"],
  ["GB", 2_000, "standard_rated"],
  ["FR", 2_000, "standard_rated"],
  ["US", 0, "not_collecting"],
])("a buyer in %s pays %i on 10,000, once it is known where they are", async (country, tax, reason) => {
  const session = await shop.session({ automatic_tax, line_items: [item(10_000, "exclusive")] });
  expect(session).toMatchObject({
    amount_total: 10_000,
    automatic_tax: {
      enabled: true,
      liability: { type: "self" },
      provider: "stripe",
      status: "requires_location_inputs",
    },
  });
  await locate(session.id, country);
  const located = await stripe.checkout.sessions.retrieve(session.id, {
    expand: ["line_items.data.taxes", "total_details.breakdown"],
  });
  expect(located).toMatchObject({
    amount_total: 10_000 + tax,
    automatic_tax: { status: "complete" },
    line_items: { data: [{ amount_tax: tax, amount_total: 10_000 + tax }] },
    total_details: {
      amount_tax: tax,
      breakdown: { taxes: [{ amount: tax, rate: { country }, taxability_reason: reason }] },
    },
  });
  const rate = located.total_details?.breakdown?.taxes[0]?.rate.id ?? "";
  expect(await stripe.taxRates.retrieve(rate)).toMatchObject({ country, jurisdiction_level: "country" });
});

test.each([
  ["eur", "inclusive", 11_900, 1_900],
  ["eur", "unspecified", 11_900, 1_900],
  ["usd", "unspecified", 14_161, 2_261],
  ["usd", "inclusive", 11_900, 1_900],
] as const)("in %s a price that is %s costs %i, %i of it tax", async (currency, behavior, total, tax) => {
  const { id } = await shop.session({ automatic_tax, line_items: [item(11_900, behavior, currency)] });
  await locate(id, "DE");
  expect(await stripe.checkout.sessions.retrieve(id)).toMatchObject({
    amount_subtotal: 11_900,
    amount_total: total,
    total_details: { amount_tax: tax },
  });
});

test("without a browser the card's country decides, and the amount that is expected has the tax in it", async () => {
  const { id } = await shop.session({ automatic_tax, line_items: [item(10_000, "exclusive")] });
  const payment_method = await cardOf("DE");
  const pay = (expected_amount: number) =>
    stripe.rawRequest("POST", `/v1/payment_pages/${id}/confirm`, { expected_amount, payment_method });
  expect((await refusal(pay(10_000))).message).toContain("The amount is 11900");
  await pay(11_900);
  const paid = await stripe.checkout.sessions.retrieve(id, { expand: ["payment_intent"] });
  expect(paid).toMatchObject({
    amount_total: 11_900,
    customer_details: { address: { country: "DE" } },
    payment_intent: { amount_received: 11_900 },
  });
});

test("shipping is taxed too, and an address to ship to decides before the one to bill", async () => {
  const { id } = await shop.session({
    automatic_tax,
    line_items: [item(10_000, "exclusive")],
    shipping_address_collection: { allowed_countries: ["DE", "FR"] },
    shipping_options: [
      {
        shipping_rate_data: {
          display_name: "Post",
          fixed_amount: { amount: 1_000, currency: "eur" },
          tax_behavior: "exclusive",
        },
      },
    ],
  });
  const typed = {
    billingCountry: "IN",
    shippingCity: "Berlin",
    shippingCountry: "DE",
    shippingLine1: "Hauptstr. 1",
    shippingName: "Asha Rao",
    shippingPostalCode: "10115",
  };
  const first = await shop.submit(id, typed);
  expect(first.status).toBe(400);
  expect(await first.text()).toContain("With the tax of your country the total is €130.90.");
  expect((await shop.submit(id, typed)).status).toBe(303);
  const paid = await stripe.checkout.sessions.retrieve(id, { expand: ["total_details.breakdown"] });
  expect(paid.total_details?.breakdown?.taxes).toMatchObject([{ amount: 2_090, taxable_amount: 11_000 }]);
  expect(paid.total_details?.breakdown?.taxes).toHaveLength(1);
  expect(paid).toMatchObject({
    amount_total: 13_090,
    payment_status: "paid",
    shipping_cost: { amount_subtotal: 1_000, amount_tax: 190, amount_total: 1_190 },
    total_details: { amount_shipping: 1_000, amount_tax: 2_090 },
  });
});

test("an existing customer needs an address, or a page that may save one", async () => {
  const { id: customer } = await stripe.customers.create({ email: "asha@example.com" });
  const refused = await refusal(shop.session({ automatic_tax, customer }));
  expect(refused).toMatchObject({
    code: "customer_tax_location_invalid",
    message:
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
    statusCode: 400,
  });
  const saving = await shop.session({
    automatic_tax,
    customer,
    customer_update: { address: "auto" },
    line_items: [item(10_000, "exclusive")],
  });
  await shop.confirm(saving.id, await cardOf("FR"));
  expect((await stripe.checkout.sessions.retrieve(saving.id)).amount_total).toBe(12_000);
  expect(await stripe.customers.retrieve(customer, { expand: ["tax"] })).toMatchObject({
    address: { country: "FR" },
    tax: { automatic_tax: "supported", location: { country: "FR", source: "billing_address" } },
  });
  const known = await shop.session({ automatic_tax, customer, line_items: [item(10_000, "exclusive")] });
  expect(known).toMatchObject({ amount_total: 12_000, automatic_tax: { status: "complete" } });
  await locate(known.id, "DE");
  expect((await stripe.checkout.sessions.retrieve(known.id)).amount_total).toBe(12_000);
});

test("where a customer's orders are shipped to decides before where they are billed, on the page and at each renewal", async () => {
  const { id: customer } = await stripe.customers.create({
    email: "asha@example.com",
    shipping: { address: { country: "GB" }, name: "Asha Rao" },
  });
  const { id } = await shop.session({
    automatic_tax,
    customer,
    customer_update: { address: "auto" },
    line_items: [monthly(10_000)],
    mode: "subscription",
  });
  await shop.confirm(id, await cardOf("DE"));
  expect((await stripe.checkout.sessions.retrieve(id)).amount_total).toBe(12_000);
  await shop.advance(MONTH);
  const [renewal, first] = (await stripe.invoices.list({ customer })).data;
  expect([first?.amount_paid, renewal?.amount_paid]).toEqual([12_000, 12_000]);
});

test("a customer whose address names no country that could be is told by the status", async () => {
  const { id: customer } = await stripe.customers.create({ address: { country: "1x" } });
  const session = await shop.session({ automatic_tax, customer });
  expect(session.automatic_tax.status).toBe("failed");
});

test("rates of one's own and automatic tax exclude each other", async () => {
  const rate = await stripe.taxRates.create({ display_name: "Tax", inclusive: false, percentage: 5 });
  const both = shop.session({
    automatic_tax,
    line_items: [{ ...item(10_000, "exclusive"), tax_rates: [rate.id] }],
  });
  expect((await refusal(both)).param).toBe("automatic_tax");
});

test("a trial is taxed from its first renewal on, by where the customer lives by then", async () => {
  const { id } = await shop.session({
    automatic_tax,
    line_items: [monthly(10_000)],
    mode: "subscription",
    subscription_data: { trial_period_days: 7 },
  });
  await shop.confirm(id, await cardOf("DE"));
  const { customer, invoice, subscription } = await stripe.checkout.sessions.retrieve(id, {
    expand: ["invoice", "subscription"],
  });
  expect(invoice).toMatchObject({ automatic_tax: { enabled: true, status: "complete" }, total: 0 });
  expect(subscription).toMatchObject({ automatic_tax: { enabled: true, liability: { type: "self" } } });
  await shop.advance(8 * 86_400);
  const renewals = async () => (await stripe.invoices.list({ customer: String(customer) })).data;
  expect((await renewals())[0]).toMatchObject({
    amount_paid: 11_900,
    automatic_tax: { status: "complete" },
    total_taxes: [{ amount: 1_900, taxability_reason: "standard_rated" }],
  });
  const [{ id: owner } = { id: "" }] = (await stripe.subscriptions.list({ customer: String(customer) })).data;
  const preview = await stripe.invoices.createPreview({ subscription: owner });
  expect(preview).toMatchObject({ total: 11_900, total_taxes: [{ amount: 1_900 }] });
  await stripe.customers.update(String(customer), { address: { country: "IN" } });
  await shop.advance(MONTH);
  expect((await renewals())[0]).toMatchObject({ amount_paid: 11_800 });
  await stripe.customers.update(String(customer), { tax_exempt: "reverse" });
  await shop.advance(MONTH);
  expect((await renewals())[0]).toMatchObject({
    amount_paid: 10_000,
    total_taxes: [{ amount: 0, taxability_reason: "reverse_charge" }],
  });
});

test("the first invoice of a subscription with a coupon is what the page showed", async () => {
  const coupon = await stripe.coupons.create({ amount_off: 1_001, currency: "eur", duration: "forever" });
  const { id } = await shop.session({
    automatic_tax,
    discounts: [{ coupon: coupon.id }],
    line_items: [item(3_333, "exclusive"), monthly(6_667), item(999, "inclusive")],
    mode: "subscription",
  });
  await shop.confirm(id, await cardOf("FR"));
  const { amount_total, invoice } = await stripe.checkout.sessions.retrieve(id, { expand: ["invoice"] });
  expect(invoice).toMatchObject({ amount_paid: amount_total, total: amount_total });
});

test("over the API a subscription needs to know where its customer is, and so does an invoice sent by hand", async () => {
  const { id: customer } = await stripe.customers.create({ email: "asha@example.com" });
  const { id: product } = await stripe.products.create({ name: "Pro" });
  const price = await stripe.prices.create({
    currency: "eur",
    product,
    recurring: { interval: "month" },
    tax_behavior: "exclusive",
    unit_amount: 10_000,
  });
  const start = () =>
    stripe.subscriptions.create({
      automatic_tax,
      collection_method: "send_invoice",
      customer,
      days_until_due: 7,
      items: [{ price: price.id }],
    });
  expect(await refusal(start())).toMatchObject({
    code: "customer_tax_location_invalid",
    message:
      "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
  });
  const draft = await stripe.invoices.create({ automatic_tax, currency: "eur", customer });
  await stripe.invoiceItems.create({ amount: 10_000, currency: "eur", customer, invoice: draft.id });
  const waiting = await stripe.invoices.retrieve(draft.id);
  expect(waiting).toMatchObject({
    automatic_tax: { status: "requires_location_inputs" },
    total: 10_000,
    total_taxes: [],
  });
  const finalize = () => stripe.invoices.finalizeInvoice(draft.id);
  expect((await refusal(finalize())).code).toBe("customer_tax_location_invalid");
  await stripe.customers.update(customer, { address: { country: "GB" } });
  // An amount without a price has its tax in it, as everything in euros that doesn't say.
  expect(await finalize()).toMatchObject({
    automatic_tax: { status: "complete" },
    total: 10_000,
    total_taxes: [{ amount: 1_667, tax_behavior: "inclusive", taxable_amount: 8_333 }],
  });
  const subscription = await start();
  expect(subscription.automatic_tax).toMatchObject({ enabled: true });
  const [first] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(first).toMatchObject({ subtotal: 10_000, total: 12_000 });
  await stripe.customers.update(customer, { address: "" });
  await shop.advance(MONTH);
  const [renewal] = (await stripe.invoices.list({ subscription: subscription.id })).data;
  expect(renewal).toMatchObject({
    automatic_tax: { disabled_reason: "finalization_requires_location_inputs", enabled: false },
    status: "open",
    total: 10_000,
  });
});

test("a tax id is asked for where there are some, and what is entered reaches the session, the customer and the invoice", async () => {
  const collection = { enabled: true, required: "if_supported" } as const;
  const { id } = await shop.session({
    customer_creation: "always",
    invoice_creation: { enabled: true },
    tax_id_collection: collection,
  });
  const wrong = await shop.submit(id, { billingCountry: "DE", taxId: "DE12" });
  expect(wrong.status).toBe(400);
  expect(await wrong.text()).toContain("This tax ID is incomplete. It looks like DE123456789.");
  expect(await (await shop.submit(id, { billingCountry: "IN" })).text()).toContain("This field is required.");
  expect(await (await shop.submit(id, { billingCountry: "BR", taxId: "1" })).text()).toContain(
    "Tax IDs of this country can",
  );
  expect((await shop.submit(id, { billingCountry: "IN", taxId: "12abcde3456 fgzh" })).status).toBe(303);
  const { customer, customer_details, invoice } = await stripe.checkout.sessions.retrieve(id, {
    expand: ["invoice"],
  });
  const entered = { type: "in_gst", value: "12ABCDE3456FGZH" };
  expect(customer_details?.tax_ids).toEqual([entered]);
  expect((await stripe.customers.listTaxIds(String(customer))).data).toMatchObject([
    { country: "IN", ...entered },
  ]);
  expect(invoice).toMatchObject({ customer_tax_ids: [entered] });
});

test.each([
  ["eu_vat", "FRAB123456789", "FR12"],
  ["gb_vat", "GB123456789", "GB12"],
  ["in_gst", "12ABCDE3456FGZH", "12ABC"],
] as const)("over the API a tax id of type %s must have its form", async (type, good, bad) => {
  const { id } = await stripe.customers.create({});
  expect((await stripe.customers.createTaxId(id, { type, value: good })).value).toBe(good);
  expect(await refusal(stripe.customers.createTaxId(id, { type, value: bad }))).toMatchObject({
    code: "tax_id_invalid",
    message: `Invalid value for ${type}.`,
    param: "value",
  });
});

test("a customer can be made with tax ids, or is not made at all", async () => {
  const made = await stripe.customers.create({ tax_id_data: [{ type: "gb_vat", value: "GB123456789" }] });
  expect((await stripe.customers.listTaxIds(made.id)).data).toMatchObject([{ value: "GB123456789" }]);
  const wrong = stripe.customers.create({ tax_id_data: [{ type: "gb_vat", value: "12" }] });
  expect(await refusal(wrong)).toMatchObject({ code: "tax_id_invalid", param: "tax_id_data[0][value]" });
});

test("a known customer's tax id is only collected where the page may change the name", async () => {
  const { id: customer } = await stripe.customers.create({ email: "asha@example.com" });
  const without = shop.session({ customer, tax_id_collection: { enabled: true } });
  expect((await refusal(without)).message).toContain("please set `customer_update[name]` to `auto`");
  await shop.session({ customer, customer_update: { name: "auto" }, tax_id_collection: { enabled: true } });
});

test("a billing address that is required is asked for, and told whole", async () => {
  const { id } = await shop.session({ billing_address_collection: "required", customer_creation: "always" });
  expect((await shop.submit(id)).status).toBe(400);
  const typed = {
    billingCity: "Bengaluru",
    billingLine1: "1 MG Road",
    billingPostalCode: "560001",
    billingState: "KA",
  };
  expect((await shop.submit(id, typed)).status).toBe(303);
  const address = {
    city: "Bengaluru",
    country: "IN",
    line1: "1 MG Road",
    line2: null,
    postal_code: "560001",
    state: "KA",
  };
  const paid = await stripe.checkout.sessions.retrieve(id, {
    expand: ["customer", "payment_intent.payment_method"],
  });
  expect(paid).toMatchObject({
    customer: { address },
    customer_details: { address },
    payment_intent: { payment_method: { billing_details: { address } } },
  });
});
