import { afterAll, beforeAll, expect, test } from "vitest";
import { TestShop } from "../test-shop.ts";
import { check, checkLists } from "../test-wire.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

test("what taxes add to an answer or an event has all fields that the SDK requires", async () => {
  const { stripe } = shop;
  const rate = await stripe.taxRates.create({ display_name: "GST", inclusive: false, percentage: 18 });
  const coupon = await stripe.coupons.create({ percent_off: 10 });
  const price_data = {
    currency: "inr",
    product_data: { name: "Pro" },
    recurring: { interval: "month" },
    unit_amount: 99_900,
  };
  const manual = await shop.plan({
    discounts: [{ coupon: coupon.id }],
    line_items: [{ price_data, quantity: 1, tax_rates: [rate.id] }],
    subscription_data: { default_tax_rates: [rate.id] },
  });
  const automatic = await shop.plan({ automatic_tax: { enabled: true } });
  const asking = await shop.session({
    automatic_tax: { enabled: true },
    billing_address_collection: "required",
    invoice_creation: { enabled: true },
    tax_id_collection: { enabled: true },
  });
  const typed = { billingCity: "Bengaluru", billingLine1: "1 MG Road", billingPostalCode: "560001" };
  for (const { id } of [manual, automatic]) await shop.confirm(id);
  const taxId = "12ABCDE3456FGZH";
  await shop.submit(asking.id, { ...typed, taxId });
  await shop.types();
  const seen = new Map<string, number>();
  for (const { event } of shop.received) check(event, event.type, seen);
  const expand = [
    "data.line_items",
    "data.total_details.breakdown",
    "data.invoice",
    "data.subscription",
    "data.customer",
  ];
  const sessions = await stripe.checkout.sessions.list({ expand });
  expect(sessions.data.map(({ status }) => status)).toEqual(["complete", "complete", "complete"]);
  check(sessions, "sessions", seen);
  for (const { id } of sessions.data) {
    check(await stripe.checkout.sessions.retrieve(id, { expand: ["line_items.data.taxes"] }), id, seen);
  }
  await checkLists(stripe, seen);
  const kinds = ["checkout.session", "discount", "invoice", "item", "line_item", "subscription", "tax_rate"];
  expect([...seen.keys()]).toEqual(expect.arrayContaining([...kinds, "tax_id"]));
  expect(seen.get("tax_rate")).toBeGreaterThan(10);
});
