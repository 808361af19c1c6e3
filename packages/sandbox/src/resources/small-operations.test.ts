import { afterAll, beforeAll, expect, test } from "vitest";
import { Billing } from "../billing/test-billing.ts";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
let billing: Billing;
beforeAll(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
});
afterAll(() => shop.close());

async function openInvoice(customer: string) {
  const { id } = await shop.stripe.invoices.create({
    collection_method: "send_invoice",
    customer,
    days_until_due: 7,
  });
  await shop.stripe.invoiceItems.create({ amount: 1_000, customer, invoice: id });
  await shop.stripe.invoices.finalizeInvoice(id);
  return id;
}

const payment = (customer: string, amount: number) =>
  shop.stripe.paymentIntents.create({
    amount,
    confirm: true,
    currency: "usd",
    customer,
    payment_method: "pm_card_visa",
    return_url: "http://shop.test",
  });

test("an invoice is paid with payments that were made already, one after another", async () => {
  const customer = await billing.customer();
  const id = await openInvoice(customer.id);
  const first = await payment(customer.id, 400);
  const partly = await shop.stripe.invoices.attachPayment(id, { payment_intent: first.id });
  expect(partly).toMatchObject({ amount_paid: 400, amount_remaining: 600, status: "open" });
  const again = shop.stripe.invoices.attachPayment(id, { payment_intent: first.id });
  expect((await refusal(again)).param).toBe("payment_intent");
  const second = await payment(customer.id, 600);
  expect((await shop.stripe.invoices.attachPayment(id, { payment_intent: second.id })).status).toBe("paid");
});

test("an invoice that waits for a payment is paid when that succeeds", async () => {
  const customer = await billing.customer();
  const id = await openInvoice(customer.id);
  const intent = await shop.stripe.paymentIntents.create({
    amount: 1_000,
    currency: "usd",
    customer: customer.id,
  });
  await shop.stripe.invoices.attachPayment(id, { payment_intent: intent.id });
  await shop.stripe.paymentIntents.confirm(intent.id, {
    payment_method: "pm_card_visa",
    return_url: "http://shop.test",
  });
  expect((await shop.stripe.invoices.retrieve(id)).status).toBe("paid");
});

test("a line of a draft and an entry of a balance can be described anew", async () => {
  const customer = await billing.customer();
  const { id } = await shop.stripe.invoices.create({ customer: customer.id });
  await shop.stripe.invoiceItems.create({ amount: 500, customer: customer.id, invoice: id });
  const [line] = (await shop.stripe.invoices.listLineItems(id)).data;
  const changed = await shop.stripe.invoices.updateLineItem(id, line?.id ?? "", {
    amount: 700,
    description: "New",
  });
  expect(changed).toMatchObject({ amount: 700, description: "New" });
  expect((await shop.stripe.invoices.retrieve(id)).total).toBe(700);
  const entry = await shop.stripe.customers.createBalanceTransaction(customer.id, {
    amount: -100,
    currency: "usd",
  });
  const told = await shop.stripe.customers.updateBalanceTransaction(customer.id, entry.id, {
    description: "Gift",
  });
  expect(told).toMatchObject({ amount: -100, description: "Gift" });
});

test("a customer is told where to send money before there is a payment", async () => {
  const customer = await shop.stripe.customers.create();
  const told = await shop.stripe.customers.createFundingInstructions(customer.id, {
    bank_transfer: { eu_bank_transfer: { country: "FR" }, type: "eu_bank_transfer" },
    currency: "eur",
    funding_type: "bank_transfer",
  });
  expect(told).toMatchObject({
    bank_transfer: { country: "FR", financial_addresses: [{ iban: { country: "FR" }, type: "iban" }] },
    object: "funding_instructions",
  });
});

test("nothing waits for micro-deposits, and a payment has no items", async () => {
  const intent = await shop.stripe.paymentIntents.create({ amount: 500, currency: "usd" });
  const verified = shop.stripe.paymentIntents.verifyMicrodeposits(intent.id, { amounts: [32, 45] });
  expect((await refusal(verified)).code).toBe("payment_intent_unexpected_state");
  const setup = await shop.stripe.setupIntents.create();
  const proven = shop.stripe.setupIntents.verifyMicrodeposits(setup.id, { descriptor_code: "SM11AA" });
  expect((await refusal(proven)).code).toBe("setup_intent_unexpected_state");
  expect((await shop.stripe.paymentIntents.listAmountDetailsLineItems(intent.id)).data).toEqual([]);
});

test("what is said of a customer, a plan, a way to ship, a portal and a note is kept", async () => {
  const { stripe } = shop;
  const customer = await stripe.customers.create({ phone: "+91 98 1234 5678" });
  expect(customer.phone).toBe("+91 98 1234 5678");
  const plan = await stripe.plans.create({
    amount: 900,
    currency: "usd",
    interval: "month",
    nickname: "Early",
    product: { name: "Pro" },
  });
  expect(plan.nickname).toBe("Early");
  const rate = await stripe.shippingRates.create({
    display_name: "Post",
    fixed_amount: { amount: 500, currency: "usd" },
    metadata: { carrier: "post" },
    type: "fixed_amount",
  });
  expect(rate.metadata).toEqual({ carrier: "post" });
  const portal = await stripe.billingPortal.sessions.create({ customer: customer.id, locale: "hi" });
  expect(portal.locale).toBe("hi");
  const { id: invoice } = await stripe.invoices.create({
    collection_method: "send_invoice",
    customer: customer.id,
    days_until_due: 7,
  });
  await stripe.invoiceItems.create({ amount: 1_000, customer: customer.id, invoice });
  await stripe.invoices.finalizeInvoice(invoice);
  expect((await stripe.creditNotes.create({ amount: 400, invoice, memo: "Sorry" })).memo).toBe("Sorry");
});

test("a product that is made with a price or a plan can't have the id of another", async () => {
  const { id } = await shop.stripe.products.create({ name: "Taken" });
  const price = { currency: "usd", product_data: { id, name: "Twin" }, unit_amount: 500 };
  expect(await refusal(shop.stripe.prices.create(price))).toMatchObject({
    code: "resource_already_exists",
    param: "product_data[id]",
  });
  const plan = { amount: 500, currency: "usd", interval: "month" as const, product: { id, name: "Twin" } };
  expect(await refusal(shop.stripe.plans.create(plan))).toMatchObject({ param: "product[id]" });
});

test("invoice items are listed by the moment they were made", async () => {
  const customer = await billing.customer();
  const { date, id } = await shop.stripe.invoiceItems.create({ amount: 5, customer: customer.id });
  const listed = async (created: object) =>
    (await shop.stripe.invoiceItems.list({ created, customer: customer.id })).data.map((item) => item.id);
  expect(await listed({ gte: date })).toEqual([id]);
  expect(await listed({ lt: date })).toEqual([]);
});
