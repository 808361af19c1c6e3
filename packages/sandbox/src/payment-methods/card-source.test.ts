import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { check } from "../test-wire.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop.close());

test("a customer's card source is made, changed, listed and removed, and each is told", async () => {
  const { customers } = shop.stripe;
  const { id } = await customers.create();
  const first = await customers.createSource(id, { source: "tok_visa" });
  const second = await customers.createSource(id, { source: "tok_mastercard" });
  expect(first).toMatchObject({ object: "card", brand: "Visa", customer: id, last4: "4242" });
  expect(await customers.retrieve(id, { expand: ["default_source"] })).toMatchObject({
    default_source: { id: first.id, object: "card" },
  });
  await customers.updateSource(id, first.id, { exp_month: "3", metadata: { foo: "bar" } });
  expect(await customers.retrieveSource(id, first.id)).toMatchObject({
    exp_month: 3,
    metadata: { foo: "bar" },
  });
  expect((await customers.listSources(id)).data.map((source) => source.id)).toEqual([second.id, first.id]);
  expect(await customers.deleteSource(id, first.id)).toEqual({ id: first.id, object: "card", deleted: true });
  expect(await customers.retrieve(id)).toMatchObject({ default_source: second.id });
  expect(await shop.types()).toEqual([
    "customer.created",
    "customer.source.created",
    "customer.updated",
    "customer.source.created",
    "customer.source.updated",
    "customer.source.deleted",
    "customer.updated",
  ]);
  const seen = new Map<string, number>();
  for (const { event } of shop.received) check(event, event.type, seen);
  expect(seen.get("card")).toBe(4);
});

test("a source is a payment method too, and pays what its customer owes", async () => {
  const { id } = await shop.stripe.customers.create({ source: "tok_visa" });
  const { default_source: source } = Object(await shop.stripe.customers.retrieve(id));
  expect((await shop.stripe.customers.listPaymentMethods(id)).data.map((method) => method.id)).toEqual([
    source,
  ]);
  const paid = await shop.stripe.paymentIntents.create({
    amount: 1_000,
    confirm: true,
    currency: "eur",
    customer: id,
    payment_method: source,
    return_url: "http://shop.test/",
  });
  expect(paid.status).toBe("succeeded");
  await shop.stripe.invoiceItems.create({ amount: 700, currency: "usd", customer: id });
  const invoice = await shop.stripe.invoices.create({
    customer: id,
    pending_invoice_items_behavior: "include",
  });
  expect((await shop.stripe.invoices.pay(invoice.id ?? "")).status).toBe("paid");
  const other = await shop.stripe.customers.create();
  expect((await refusal(shop.stripe.customers.retrieveSource(other.id, source))).statusCode).toBe(404);
});

test("a token shows its card, and whoever uses it gets that card, its address and its network", async () => {
  await fetch(`${shop.sandbox.url}/sandbox/cards`, {
    body: JSON.stringify({ raw_numbers: true }),
    method: "POST",
  });
  const token = await shop.stripe.tokens.create({
    card: {
      address_city: "Pune",
      address_country: "IN",
      address_line1: "1 MG Road",
      address_line2: "Flat 2",
      address_state: "MH",
      address_zip: "411001",
      currency: "usd",
      exp_month: "4",
      exp_year: "2032",
      name: "Asha Rao",
      networks: { preferred: "visa" },
      number: "4242424242424242",
    },
  });
  const shown = {
    address_city: "Pune",
    address_country: "IN",
    address_line1: "1 MG Road",
    address_line2: "Flat 2",
    address_state: "MH",
    address_zip: "411001",
    exp_month: 4,
    exp_year: 2032,
    name: "Asha Rao",
    networks: { preferred: "visa" },
  };
  expect(token).toMatchObject({ card: { ...shown, currency: "usd", last4: "4242" }, type: "card" });
  expect(await shop.stripe.tokens.retrieve(token.id)).toMatchObject({ card: token.card, id: token.id });
  expect(await shop.stripe.tokens.retrieve("tok_mastercard")).toMatchObject({
    card: { brand: "MasterCard" },
  });
  const { id } = await shop.stripe.customers.create();
  const source = await shop.stripe.customers.createSource(id, { source: token.id });
  expect(source).toMatchObject({ ...shown, id: token.card?.id });
  const moved = await shop.stripe.customers.updateSource(id, source.id, {
    address_city: "Goa",
    address_line2: "",
  });
  expect(moved).toMatchObject({ ...shown, address_city: "Goa", address_line2: null });
  const wrong = shop.stripe.customers.updateSource(id, source.id, { account_holder_name: "Nobody" });
  expect((await refusal(wrong)).param).toBe("account_holder_name");
});

test("a bank account is a source too, proven by two small sums", async () => {
  const bank_account = {
    account_holder_name: "Asha Rao",
    account_holder_type: "company" as const,
    account_number: "000123456789",
    account_type: "savings" as const,
    country: "US",
    currency: "usd",
    routing_number: "021000021",
  };
  const token = await shop.stripe.tokens.create({ bank_account });
  expect(token).toMatchObject({
    bank_account: { account_type: "savings", last4: "6789", routing_number: "021000021", status: "new" },
    type: "bank_account",
  });
  const { id } = await shop.stripe.customers.create();
  const account = await shop.stripe.customers.createSource(id, { source: token.id });
  expect(account).toMatchObject({ account_holder_name: "Asha Rao", object: "bank_account", status: "new" });
  expect((await refusal(shop.stripe.customers.createSource(id, { source: token.id }))).code).toBe(
    "token_already_used",
  );
  const guess = shop.stripe.customers.verifySource(id, account.id, { amounts: [1, 2] });
  expect((await refusal(guess)).code).toBe("bank_account_verification_failed");
  const proven = await shop.stripe.customers.verifySource(id, account.id, { amounts: [32, 45] });
  expect(proven.status).toBe("verified");
  const changed = await shop.stripe.customers.updateSource(id, account.id, {
    account_holder_name: "Rao & Sons",
    account_holder_type: "individual",
  });
  expect(changed).toMatchObject({ account_holder_name: "Rao & Sons", account_holder_type: "individual" });
  await shop.stripe.customers.createSource(id, { source: "tok_visa" });
  const accounts = await shop.stripe.customers.listSources(id, { object: "bank_account" });
  expect(accounts.data.map((one) => one.id)).toEqual([account.id]);
  const paid = await shop.stripe.paymentIntents.create({
    allowed_payment_method_types: ["us_bank_account"],
    amount: 1_000,
    confirm: true,
    currency: "usd",
    customer: id,
    payment_method: account.id,
  });
  expect(paid.status).toBe("processing");
  await shop.types();
  const seen = new Map<string, number>();
  for (const { event } of shop.received) check(event, event.type, seen);
  expect(seen.get("bank_account")).toBeGreaterThan(1);
  const abroad = shop.stripe.tokens.create({ bank_account: { ...bank_account, country: "DE" } });
  expect((await refusal(abroad)).param).toBe("bank_account[country]");
});
