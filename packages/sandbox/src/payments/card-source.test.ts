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
