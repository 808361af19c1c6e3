import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "./test-shop.ts";
import { isJson, type Json } from "./wire.ts";

/** The fields that the SDK's own declarations require, by the name in an object's `object` field. */
const REQUIRED = requiredFields();

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

test("every object of every answer and of every event has all fields that the SDK requires", async () => {
  await everythingThatHappens();
  await shop.advance(5);
  await shop.types();
  const seen = new Map<string, number>();
  const { stripe } = shop;
  for (const { event } of shop.received) check(event, event.type, seen);
  for (const path of [
    "balance_transactions",
    "charges",
    "checkout/sessions",
    "customers",
    "events",
    "invoice_payments",
    "invoices",
    "payment_intents",
    "payment_methods",
    "prices",
    "products",
    "refunds",
    "subscriptions?status=all",
    "webhook_endpoints",
  ]) {
    check(await stripe.rawRequest("GET", `/v1/${path}`), path, seen);
  }
  const sessions = await stripe.checkout.sessions.list({
    expand: [
      "data.line_items",
      "data.payment_intent.latest_charge.balance_transaction",
      "data.invoice.payments",
    ],
  });
  check(sessions, "expanded sessions", seen);
  expect([...seen.keys()].sort()).toEqual([
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
  ]);
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

/** Looks at a value and all that is in it; whatever names itself in `object` must be whole. */
function check(value: unknown, where: string, seen: Map<string, number>): void {
  if (Array.isArray(value)) for (const item of value) check(item, where, seen);
  if (!isJson(value)) return;
  const name = String(value.object);
  const required = REQUIRED.get(name);
  if (required && value.deleted !== true && !isPrevious(where)) {
    expect(missing(value, required), `${where}: fields missing on ${name}`).toEqual([]);
    seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  for (const [key, inner] of Object.entries(value)) check(inner, `${where}.${key}`, seen);
}

const missing = (object: Json, required: readonly string[]) => required.filter((field) => !(field in object));
const isPrevious = (where: string) => where.includes("previous_attributes");

/** Reads `export interface X { id: string; object: 'name'; … }` out of the SDK's declaration files. */
function requiredFields(): Map<string, string[]> {
  const entry = createRequire(import.meta.url).resolve("stripe");
  const root = join(dirname(dirname(entry)), "esm/resources");
  const fields = new Map<string, string[]>();
  for (const file of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(join(root, file), "utf8");
    for (const [, body = ""] of text.matchAll(/^export interface \w+ \{\n([\s\S]*?)^\}/gm)) {
      const name = /^ {4}object: '([\w.]+)';/m.exec(body)?.[1];
      if (!name || /^ {4}deleted: true;/m.test(body) || file.startsWith("V2")) continue;
      fields.set(
        name,
        [...body.matchAll(/^ {4}(\w+): /gm)].map(([, field = ""]) => field),
      );
    }
  }
  return fields;
}
