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

const notSupported = (param: string) => ({
  code: undefined,
  message: `${param} is not supported by the sandbox.`,
  param,
  statusCode: 400,
});

test("an endpoint for connected accounts is refused, and one that says it isn't for them is made", async () => {
  const about = { enabled_events: ["*" as const], url: "http://127.0.0.1:1/nobody" };
  const refused = await refusal(shop.stripe.webhookEndpoints.create({ ...about, connect: true }));
  expect(refused).toMatchObject(notSupported("connect"));
  const { id } = await shop.stripe.webhookEndpoints.create({ ...about, connect: false });
  await shop.stripe.webhookEndpoints.del(id);
});

test("an invoice whose missing rest is to be forgiven isn't charged", async () => {
  const { id: customer } = await billing.customer();
  const { id = "" } = await shop.stripe.invoices.create({ customer });
  await shop.stripe.invoiceItems.create({ amount: 900, customer, invoice: id });
  const refused = await refusal(shop.stripe.invoices.pay(id, { forgive: true }));
  expect(refused).toMatchObject(notSupported("forgive"));
  expect((await shop.stripe.invoices.pay(id, { forgive: false })).status).toBe("paid");
});

test("a subscription goes on in its old cycle without prorations, so nobody may say which", async () => {
  const { id: customer } = await billing.customer();
  const { id } = await billing.subscribe(customer);
  await shop.stripe.subscriptions.pause(id);
  const unchanged = { billing_cycle_anchor: { type: "unchanged" as const } };
  const refused = shop.stripe.subscriptions.resume(id, {
    ...unchanged,
    proration_behavior: "always_invoice",
  });
  expect(await refusal(refused)).toMatchObject(notSupported("proration_behavior"));
  // A new period begins with the whole price: Stripe prorates nothing there, whatever is said.
  const { status } = await shop.stripe.subscriptions.resume(id, { proration_behavior: "none" });
  expect(status).toBe("active");
});

test("a payment link doesn't sell for another account", async () => {
  const price = await shop.stripe.prices.create({
    currency: "usd",
    product_data: { name: "Poster" },
    unit_amount: 1_500,
  });
  const line_items = [{ price: price.id, quantity: 1 }];
  const refused = await refusal(shop.stripe.paymentLinks.create({ line_items, on_behalf_of: "acct_1" }));
  expect(refused).toMatchObject(notSupported("on_behalf_of"));
});

const formSession = () =>
  shop.session({
    cancel_url: undefined,
    name_collection: { individual: { enabled: true } },
    return_url: "http://shop.test/back",
    success_url: undefined,
    ui_mode: "form",
  });

test("a line that is named by its id is sold at the price that stands beside it", async () => {
  const session = await formSession();
  const [line] = (await shop.stripe.checkout.sessions.listLineItems(session.id)).data;
  const id = line?.id ?? "";
  const price_data = { currency: "inr", product_data: { name: "Atlas" }, unit_amount: 10_000 };
  const priced = await shop.stripe.checkout.sessions.update(session.id, { line_items: [{ id, price_data }] });
  expect(priced.amount_total).toBe(10_000);
  const product = { product_data: { name: "Globe" } };
  const globe = await shop.stripe.prices.create({ currency: "inr", unit_amount: 700, ...product });
  const items = [{ id, price: globe.id, quantity: 3 }];
  const named = await shop.stripe.checkout.sessions.update(session.id, { line_items: items });
  expect(named.amount_total).toBe(2_100);
  const [now] = (await shop.stripe.checkout.sessions.listLineItems(session.id)).data;
  expect(now).toMatchObject({ description: "Globe", id, price: { id: globe.id }, quantity: 3 });
});

test("where an order goes, as the shop has said it, outlasts the names that the buyer enters", async () => {
  const session = await formSession();
  const shipping_details = { address: { country: "IN", line1: "1 MG Road" }, name: "Asha Rao" };
  const collected_information = { shipping_details };
  await shop.stripe.checkout.sessions.update(session.id, { collected_information });
  await shop.confirm(session.id);
  const done = await shop.stripe.checkout.sessions.retrieve(session.id);
  expect(done.collected_information).toMatchObject(collected_information);
});
