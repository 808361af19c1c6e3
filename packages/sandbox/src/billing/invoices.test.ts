import Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { Billing, DAY } from "./test-billing.ts";

let shop: TestShop;
let billing: Billing;
beforeEach(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
});
afterEach(() => shop.close());

test("an invoice by hand leaves pending items out unless they are asked for, and is paid when told to", async () => {
  const customer = await billing.customer();
  await shop.stripe.invoiceItems.create({
    customer: customer.id,
    amount: 700,
    currency: "usd",
    description: "Setup",
  });
  const empty = await shop.stripe.invoices.create({ customer: customer.id });
  expect(empty).toMatchObject({ auto_advance: false, billing_reason: "manual", status: "draft", total: 0 });
  const draft = await shop.stripe.invoices.create({
    customer: customer.id,
    pending_invoice_items_behavior: "include",
  });
  expect(draft.lines.data).toMatchObject([{ amount: 700, description: "Setup" }]);
  await billing.types();
  const paid = await shop.stripe.invoices.pay(draft.id);
  expect(paid).toMatchObject({ amount_paid: 700, status: "paid" });
  expect(await billing.types()).toEqual([
    "invoice.finalized",
    "charge.succeeded",
    "payment_intent.succeeded",
    "payment_intent.created",
    "invoice.paid",
    "invoice.payment_succeeded",
  ]);
});

test("lines are added, changed and removed on a draft, and on nothing else", async () => {
  const customer = await billing.customer();
  const { id } = await shop.stripe.invoices.create({ customer: customer.id });
  const added = await shop.stripe.invoices.addLines(id, {
    lines: [
      { amount: 1_000, description: "One" },
      { amount: 500, description: "Two" },
    ],
  });
  const [one, two] = added.lines.data;
  expect(added.total).toBe(1_500);
  const changed = await shop.stripe.invoices.updateLines(id, {
    lines: [{ id: one?.id ?? "", amount: 1_200 }],
  });
  expect(changed.total).toBe(1_700);
  const removed = await shop.stripe.invoices.removeLines(id, {
    lines: [{ behavior: "delete", id: two?.id ?? "" }],
  });
  expect(removed).toMatchObject({ amount_due: 1_200, total: 1_200 });
  expect((await shop.stripe.invoices.listLineItems(id)).data).toHaveLength(1);
  await shop.stripe.invoices.finalizeInvoice(id);
  const late = await refusal(shop.stripe.invoices.addLines(id, { lines: [{ amount: 1 }] }));
  expect(late.code).toBe("invoice_not_editable");
});

test("an invoice item changes its draft, and goes away with its deletion", async () => {
  const customer = await billing.customer();
  const { id } = await shop.stripe.invoices.create({ customer: customer.id });
  const item = await shop.stripe.invoiceItems.create({ amount: 900, customer: customer.id, invoice: id });
  await shop.stripe.invoiceItems.update(item.id, { amount: 1_100 });
  expect((await shop.stripe.invoices.retrieve(id)).total).toBe(1_100);
  await shop.stripe.invoiceItems.del(item.id);
  expect((await shop.stripe.invoices.retrieve(id)).total).toBe(0);
  await shop.stripe.invoices.del(id);
  expect((await refusal(shop.stripe.invoices.retrieve(id))).statusCode).toBe(404);
});

test("a sent invoice waits for its customer and becomes overdue", async () => {
  const customer = await shop.stripe.customers.create({ email: "asha@example.com" });
  const draft = await shop.stripe.invoices.create({
    auto_advance: true,
    collection_method: "send_invoice",
    customer: customer.id,
    days_until_due: 10,
  });
  await shop.stripe.invoices.addLines(draft.id, { lines: [{ amount: 4_000, description: "Consulting" }] });
  await billing.types();
  await shop.advance(4_000);
  expect(await billing.types()).toEqual(["invoice.finalized", "invoice.sent"]);
  await shop.advance(11 * DAY);
  expect(await billing.types()).toEqual(["invoice.overdue"]);
  const paid = await shop.stripe.invoices.pay(draft.id, { paid_out_of_band: true });
  expect(paid.status).toBe("paid");
  expect(await billing.types()).toEqual(["invoice.paid", "invoice.payment_succeeded"]);
});

test("an open invoice can be voided, or given up and still be paid", async () => {
  const customer = await billing.customer();
  const open = async () => {
    const { id } = await shop.stripe.invoices.create({ customer: customer.id });
    await shop.stripe.invoices.addLines(id, { lines: [{ amount: 900 }] });
    return shop.stripe.invoices.finalizeInvoice(id);
  };
  const first = await shop.stripe.invoices.voidInvoice((await open()).id);
  expect(first.status).toBe("void");
  expect((await refusal(shop.stripe.invoices.pay(first.id))).message).toContain("voided");
  const second = await shop.stripe.invoices.markUncollectible((await open()).id);
  expect(second.status).toBe("uncollectible");
  expect((await shop.stripe.invoices.pay(second.id)).status).toBe("paid");
  const numbers = (await shop.stripe.invoices.list()).data.map(({ number }) => number?.slice(-4));
  expect(numbers).toEqual(["0002", "0001"]);
});

test("too little to be charged is owed with the next invoice", async () => {
  const customer = await billing.customer();
  const { id } = await shop.stripe.invoices.create({ customer: customer.id });
  await shop.stripe.invoices.addLines(id, { lines: [{ amount: 30 }] });
  const small = await shop.stripe.invoices.finalizeInvoice(id);
  expect(small).toMatchObject({ amount_due: 0, attempt_count: 0, ending_balance: 30, status: "paid" });
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: 30 });
});

test("a declined payment is answered 402 and stays on the invoice", async () => {
  const customer = await billing.customer("pm_card_chargeCustomerFail");
  const { id } = await shop.stripe.invoices.create({ customer: customer.id });
  await shop.stripe.invoices.addLines(id, { lines: [{ amount: 900 }] });
  const error = await refusal(shop.stripe.invoices.pay(id));
  expect(error).toMatchObject({ statusCode: 402, code: "card_declined" });
  expect(await shop.stripe.invoices.retrieve(id)).toMatchObject({
    attempt_count: 1,
    attempted: true,
    status: "open",
  });
});

test("its page and its document say what was billed", async () => {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id);
  const invoice = await billing.latestInvoice(subscription);
  const page = await fetch(invoice.hosted_invoice_url ?? "");
  expect(await page.text()).toContain("1 × Pro (at $20.00 / month)");
  const pdf = await fetch(invoice.invoice_pdf ?? "");
  expect(pdf.headers.get("content-type")).toBe("application/pdf");
  const text = await pdf.text();
  expect(text.startsWith("%PDF-1.4")).toBe(true);
  expect(text).toContain(invoice.number ?? "no number");
});

test("a draft's lines have prices, discounts, taxes and quantities of their own", async () => {
  const customer = await billing.customer();
  const { coupons, invoices } = shop.stripe;
  const half = await coupons.create({ duration: "once", percent_off: 50 });
  const draft = await invoices.create({ customer: customer.id });
  const added = await invoices.addLines(draft.id, {
    lines: [
      {
        discounts: [{ coupon: half.id }],
        price_data: { currency: "usd", product_data: { name: "Cable" }, unit_amount: 1_000 },
        quantity_decimal: Stripe.Decimal.from("2.5"),
      },
      {
        amount: 4_000,
        description: "Consulting",
        tax_amounts: [
          {
            amount: 320,
            tax_rate_data: { display_name: "Sales tax", inclusive: false, percentage: 8 },
            taxability_reason: "standard_rated",
            taxable_amount: 4_000,
          },
        ],
      },
    ],
  });
  expect(added).toMatchObject({ subtotal: 6_500, total: 1_250 + 4_000 + 320 });
  const [cable, consulting] = added.lines.data;
  expect(cable).toMatchObject({ amount: 2_500, quantity: 2 });
  expect(String(cable?.quantity_decimal)).toBe("2.5");
  expect(consulting?.taxes).toMatchObject([{ amount: 320, taxability_reason: "standard_rated" }]);
  const product = await shop.stripe.products.retrieve(String(cable?.pricing?.price_details?.product));
  expect(product.name).toBe("Cable");
  // Without taxes of its own it is computed again, and without the discount it costs what it costs.
  await invoices.updateLineItem(draft.id, consulting?.id ?? "", { tax_amounts: "" });
  await invoices.updateLineItem(draft.id, cable?.id ?? "", { discounts: "", quantity: 1 });
  expect((await invoices.retrieve(draft.id)).total).toBe(1_000 + 4_000);
});

test("an invoice says how it is paid and shipped, and its payment is made that way", async () => {
  const customer = await billing.customer();
  const { id } = await shop.stripe.invoices.create({
    customer: customer.id,
    payment_settings: {
      payment_method_options: {
        card: { request_three_d_secure: "any" },
        customer_balance: { bank_transfer: { type: "us_bank_transfer" }, funding_type: "bank_transfer" },
        us_bank_account: { verification_method: "instant" },
      },
    },
    shipping_cost: {
      shipping_rate_data: { display_name: "Post", fixed_amount: { amount: 450, currency: "usd" } },
    },
  });
  await shop.stripe.invoiceItems.create({ amount: 1_000, customer: customer.id, invoice: id });
  const free = await shop.stripe.invoices.update(id, { shipping_cost: "" });
  expect(free).toMatchObject({ amount_shipping: 0, shipping_cost: null, total: 1_000 });
  const rate = await shop.stripe.shippingRates.create({
    display_name: "Air",
    fixed_amount: { amount: 900, currency: "usd" },
    type: "fixed_amount",
  });
  const shipped = await shop.stripe.invoices.update(id, { shipping_cost: { shipping_rate: rate.id } });
  expect(shipped).toMatchObject({
    amount_due: 1_900,
    amount_shipping: 900,
    shipping_cost: { amount_subtotal: 900, amount_tax: 0, amount_total: 900, shipping_rate: rate.id },
    subtotal: 1_000,
  });
  expect(shipped.payment_settings.payment_method_options).toMatchObject({
    card: { request_three_d_secure: "any" },
    customer_balance: { bank_transfer: { type: "us_bank_transfer" }, funding_type: "bank_transfer" },
    us_bank_account: { verification_method: "instant" },
  });
  await shop.stripe.invoices.finalizeInvoice(id);
  await shop.stripe.invoices.pay(id);
  const [payment] = (await shop.stripe.invoicePayments.list({ invoice: id })).data;
  const intent = await shop.stripe.paymentIntents.retrieve(String(payment?.payment.payment_intent));
  expect(intent).toMatchObject({
    amount: 1_900,
    payment_method_options: {
      card: { request_three_d_secure: "any" },
      customer_balance: { funding_type: "bank_transfer" },
    },
  });
});

test("shipping is taxed where tax is computed by itself", async () => {
  const customer = await billing.customer("pm_card_visa", { address: { country: "DE" } });
  const { id } = await shop.stripe.invoices.create({
    automatic_tax: { enabled: true },
    customer: customer.id,
    shipping_cost: {
      shipping_rate_data: {
        display_name: "Post",
        fixed_amount: { amount: 1_000, currency: "eur" },
        tax_behavior: "exclusive",
      },
    },
    currency: "eur",
  });
  expect(await shop.stripe.invoices.retrieve(id)).toMatchObject({
    shipping_cost: { amount_subtotal: 1_000, amount_tax: 190, amount_total: 1_190 },
    total: 1_190,
    total_taxes: [{ amount: 190 }],
  });
});

test("a source pays an invoice: its own, its subscription's, or the one that is named", async () => {
  const { id: customer } = await shop.stripe.customers.create({ source: "tok_visa" });
  const second = await shop.stripe.customers.createSource(customer, { source: "tok_mastercard" });
  const brandOf = async (invoice: string) => {
    const [payment] = (await shop.stripe.invoicePayments.list({ invoice })).data;
    const expand = ["latest_charge"];
    const id = String(payment?.payment.payment_intent);
    return Object((await shop.stripe.paymentIntents.retrieve(id, { expand })).latest_charge)
      .payment_method_details.card.brand;
  };
  const owing = async (default_source?: string) => {
    const made = await shop.stripe.invoices.create({ customer, ...(default_source && { default_source }) });
    await shop.stripe.invoiceItems.create({ amount: 900, customer, invoice: made.id });
    return made;
  };
  const own = await owing(second.id);
  expect(own.default_source).toBe(second.id);
  await shop.stripe.invoices.pay(own.id);
  expect(await brandOf(own.id)).toBe("mastercard");
  const named = await owing();
  await shop.stripe.invoices.pay(named.id, { source: second.id });
  expect(await brandOf(named.id)).toBe("mastercard");
  const subscription = await billing.subscribe(customer, {
    default_source: second.id,
    payment_settings: {
      payment_method_options: { card: { mandate_options: { amount: 5_000, amount_type: "maximum" } } },
    },
  });
  expect(subscription).toMatchObject({
    default_source: second.id,
    payment_settings: {
      payment_method_options: {
        card: { mandate_options: { amount: 5_000, amount_type: "maximum", description: null } },
      },
    },
  });
  expect(await brandOf(String(subscription.latest_invoice))).toBe("mastercard");
  expect(
    (await refusal(shop.stripe.subscriptions.update(subscription.id, { default_source: "card_nobody" })))
      .code,
  ).toBe("resource_missing");
});
