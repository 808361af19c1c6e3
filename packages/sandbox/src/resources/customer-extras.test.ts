import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

test("a customer's tax ids come and go", async () => {
  const { customers } = shop.stripe;
  const customer = await customers.create({ email: "asha@example.com" });
  const made = await customers.createTaxId(customer.id, { type: "in_gst", value: "29ABCDE1234F1Z5" });
  expect(made).toMatchObject({ country: "IN", customer: customer.id, type: "in_gst" });
  expect((await customers.listTaxIds(customer.id)).data).toHaveLength(1);
  await customers.deleteTaxId(customer.id, made.id);
  expect((await customers.listTaxIds(customer.id)).data).toEqual([]);
  expect((await refusal(customers.retrieveTaxId(customer.id, made.id))).statusCode).toBe(404);
  expect((await shop.types()).slice(-2)).toEqual(["customer.tax_id.created", "customer.tax_id.deleted"]);
});

test("a customer's balance is what its transactions add up to", async () => {
  const { customers } = shop.stripe;
  const customer = await customers.create({ email: "asha@example.com" });
  await customers.createBalanceTransaction(customer.id, { amount: -500, currency: "inr" });
  const second = await customers.createBalanceTransaction(customer.id, { amount: 200, currency: "inr" });
  expect(second).toMatchObject({ ending_balance: -300, type: "adjustment" });
  expect(await customers.retrieve(customer.id)).toMatchObject({ balance: -300 });
  expect((await customers.listBalanceTransactions(customer.id)).data).toHaveLength(2);
});

test("every change of a balance has its entry: set as a whole, used by an invoice, given back by a voided one", async () => {
  const { customers, invoices } = shop.stripe;
  const customer = await customers.create({ balance: -400 });
  await customers.update(customer.id, { balance: -300 });
  const billed = async (amount: number) => {
    const { id } = await invoices.create({ customer: customer.id, currency: "usd" });
    await invoices.addLines(id, { lines: [{ amount }] });
    return invoices.finalizeInvoice(id);
  };
  const open = await billed(1_000);
  expect(open).toMatchObject({ amount_due: 700, ending_balance: 0, starting_balance: -300 });
  await invoices.voidInvoice(open.id);
  await billed(340);
  await billed(-50);
  const { data } = await customers.listBalanceTransactions(customer.id, { expand: ["data.invoice"] });
  const entries = data.map(({ amount, ending_balance, type }) => [type, amount, ending_balance]).reverse();
  expect(entries).toEqual([
    ["adjustment", -400, -400],
    ["adjustment", 100, -300],
    ["applied_to_invoice", 300, 0],
    ["unapplied_from_invoice", -300, -300],
    ["invoice_too_small", 340, 40],
    ["applied_to_invoice", -50, -10],
  ]);
  expect(data.map(({ invoice }) => Object(invoice).status)).toEqual([
    "paid",
    "paid",
    "void",
    "void",
    undefined,
    undefined,
  ]);
  expect(await customers.retrieve(customer.id)).toMatchObject({ balance: -10 });
});

test("a ready-made card named twice at a customer's creation is one card, and their default", async () => {
  const customer = await shop.stripe.customers.create({
    invoice_settings: { default_payment_method: "pm_card_visa" },
    payment_method: "pm_card_visa",
  });
  const { data } = await shop.stripe.customers.listPaymentMethods(customer.id);
  expect(data).toHaveLength(1);
  expect(customer.invoice_settings.default_payment_method).toBe(data[0]?.id);
  const other = await shop.stripe.customers.create({ email: "ravi@example.com" });
  const foreign = { invoice_settings: { default_payment_method: data[0]?.id ?? "" } };
  const error = await refusal(shop.stripe.customers.update(other.id, foreign));
  expect(error.param).toBe("invoice_settings[default_payment_method]");
});

test("a customer's methods are listed by whether they may be shown again", async () => {
  const customer = await shop.stripe.customers.create({});
  const shown = await shop.stripe.paymentMethods.create({
    allow_redisplay: "always",
    card: { token: "tok_visa" },
    type: "card",
  });
  for (const card of [shown.id, "pm_card_mastercard"])
    await shop.stripe.paymentMethods.attach(card, { customer: customer.id });
  const page = { allow_redisplay: "always" } as const;
  const ids = ({ data }: { data: { id: string }[] }) => data.map(({ id }) => id);
  expect(ids(await shop.stripe.customers.listPaymentMethods(customer.id, page))).toEqual([shown.id]);
  const listed = await shop.stripe.paymentMethods.list({ customer: customer.id, ...page });
  expect(ids(listed)).toEqual([shown.id]);
});

test("no card's number is taken for a token", async () => {
  const card = { number: "4242424242424242", exp_month: "12", exp_year: "2034" };
  expect((await refusal(shop.stripe.tokens.create({ card }))).statusCode).toBe(402);
});

test("entries of a balance are found by their time, and by the invoice that used it", async () => {
  const { id } = await shop.stripe.customers.create({ source: "tok_visa" });
  const entry = await shop.stripe.customers.createBalanceTransaction(id, { amount: -400, currency: "usd" });
  const invoice = await shop.stripe.invoices.create({ customer: id });
  await shop.stripe.invoiceItems.create({ amount: 1_000, customer: id, invoice: invoice.id });
  await shop.stripe.invoices.pay(invoice.id);
  const found = async (by: { created?: { gt?: number; lte?: number }; invoice?: string }) =>
    (await shop.stripe.customers.listBalanceTransactions(id, by)).data.map(({ type }) => type);
  expect(await found({ invoice: invoice.id })).toEqual(["applied_to_invoice"]);
  expect(await found({ created: { gt: entry.created + 3_600 } })).toEqual([]);
  expect(await found({ created: { lte: entry.created + 3_600 } })).toHaveLength(2);
});

test("what a customer sends is taken by itself, or left until somebody says so", async () => {
  const settings = { reconciliation_mode: "manual" as const };
  const { id } = await shop.stripe.customers.create({ cash_balance: { settings } });
  const mode = async () => (await shop.stripe.customers.retrieveCashBalance(id)).settings.reconciliation_mode;
  expect(await mode()).toBe("manual");
  await shop.stripe.customers.update(id, {
    cash_balance: { settings: { reconciliation_mode: "automatic" } },
  });
  expect(await mode()).toBe("automatic");
});
