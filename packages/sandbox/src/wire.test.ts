import { afterAll, beforeAll, expect, test } from "vitest";
import { problemsOf } from "./test-declarations.ts";
import { refusal, TestShop } from "./test-shop.ts";
import { check, checkLists, REQUIRED } from "./test-wire.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

test("the declarations are read: the largest objects have as many required fields as are known of them", () => {
  expect(REQUIRED.get("checkout.session")).toHaveLength(59);
  expect(REQUIRED.get("payment_intent")).toHaveLength(42);
  expect(REQUIRED.get("charge")).toHaveLength(42);
  expect(REQUIRED.get("subscription")).toHaveLength(46);
  expect(REQUIRED.get("invoice")).toHaveLength(70);
});

test("an object that the SDK's declarations don't allow is noticed: a null, an unknown word, another type", async () => {
  const customer = { ...(await shop.stripe.customers.create()) };
  expect(problemsOf(customer)).toEqual([]);
  expect(problemsOf({ ...customer, tax_exempt: "perhaps" })).toEqual([expect.stringContaining("tax_exempt")]);
  expect(problemsOf({ ...customer, created: "now" })).toEqual([expect.stringContaining("created")]);
  expect(problemsOf({ ...customer, invoice_settings: null })).toEqual([
    expect.stringContaining("invoice_settings"),
  ]);
});

test("every object of every answer and of every event has all fields that the SDK requires", async () => {
  await everythingThatHappens();
  await shop.advance(5);
  await shop.types();
  const seen = new Map<string, number>();
  const { stripe } = shop;
  for (const { event } of shop.received) check(event, event.type, seen);
  await checkLists(stripe, seen);
  check(await stripe.subscriptions.list({ status: "all" }), "all subscriptions", seen);
  const sessions = await stripe.checkout.sessions.list({
    expand: [
      "data.line_items",
      "data.payment_intent.latest_charge.balance_transaction",
      "data.invoice.payments",
    ],
  });
  check(sessions, "expanded sessions", seen);
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining([
      "balance_transaction",
      "charge",
      "checkout.session",
      "customer",
      "event",
      "invoice",
      "invoice_payment",
      "item",
      "line_item",
      "payment_intent",
      "payment_method",
      "plan",
      "price",
      "product",
      "refund",
      "setup_intent",
      "subscription",
      "subscription_item",
      "webhook_endpoint",
    ]),
  );
});

test("decimals travel as strings", async () => {
  const body: unknown = await shop.stripe.rawRequest("GET", "/v1/events?type=price.created");
  expect(JSON.stringify(body)).toContain('"unit_amount_decimal":"49900"');
});

async function everythingThatHappens(): Promise<void> {
  const { stripe } = shop;
  const product = await stripe.products.create({
    name: "Handbook",
    default_price_data: { currency: "inr", unit_amount: 49_900 },
  });
  await stripe.products.update(product.id, { description: "312 pages" });
  const price = String(product.default_price);
  const paid = await shop.session({ customer_creation: "always", line_items: [{ price, quantity: 2 }] });
  await refusal(shop.confirm(paid.id, "pm_card_visa_chargeDeclined"));
  await shop.confirm(paid.id);
  const { payment_intent } = await stripe.checkout.sessions.retrieve(paid.id);
  await stripe.refunds.create({ payment_intent: String(payment_intent), amount: 100 });
  const debit = await shop.session();
  await shop.submit(debit.id, { paymentMethod: "us_bank_account", bankAccount: "000123456789" });
  const waiting = await stripe.checkout.sessions.retrieve(debit.id);
  await shop.control(`payment_intents/${waiting.payment_intent}/settle`, { outcome: "succeed" });
  await shop.confirm((await shop.plan()).id);
  await shop.confirm((await shop.plan({ subscription_data: { trial_period_days: 3 } })).id);
  const [subscription] = (await stripe.subscriptions.list()).data;
  await stripe.subscriptions.update(subscription?.id ?? "", { cancel_at_period_end: true });
  await stripe.subscriptions.cancel(subscription?.id ?? "");
  await stripe.checkout.sessions.expire((await shop.session()).id);
}
