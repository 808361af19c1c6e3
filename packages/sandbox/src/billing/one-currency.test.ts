import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { Billing } from "./test-billing.ts";

let shop: TestShop;
let billing: Billing;
let rupees: Stripe.Price;
beforeAll(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
  rupees = await shop.stripe.prices.create({
    currency: "inr",
    product: String(billing.price.product),
    recurring: { interval: "month" },
    unit_amount: 99_900,
  });
});
afterAll(() => shop.close());

/** Everything that would give a customer a subscription in rupees. */
const WAYS: Record<string, (customer: string) => Promise<unknown>> = {
  "a subscription": (customer) =>
    shop.stripe.subscriptions.create({ customer, items: [{ price: rupees.id }] }),
  "a session": (customer) =>
    shop.session({ customer, line_items: [{ price: rupees.id, quantity: 1 }], mode: "subscription" }),
  "a schedule": (customer) =>
    shop.stripe.subscriptionSchedules.create({
      customer,
      phases: [{ items: [{ price: rupees.id }] }],
      start_date: "now",
    }),
  "an accepted quote": async (customer) => {
    const { id } = await shop.stripe.quotes.create({ customer, line_items: [{ price: rupees.id }] });
    await shop.stripe.quotes.finalizeQuote(id);
    return shop.stripe.quotes.accept(id);
  },
};

/** Everything in dollars that a customer may have open. */
const OPEN: Record<string, (customer: string) => Promise<unknown>> = {
  "a subscription": (customer) => billing.subscribe(customer),
  "an invoice item": (customer) =>
    shop.stripe.invoiceItems.create({ amount: 500, currency: "usd", customer }),
  "a schedule": async (customer) => {
    const { now } = await (await fetch(`${shop.sandbox.url}/sandbox/clock`)).json();
    const start_date = now + 86_400;
    const phases = [{ items: [{ price: billing.price.id }] }];
    return shop.stripe.subscriptionSchedules.create({ customer, phases, start_date });
  },
  "a quote": async (customer) => {
    const { id } = await shop.stripe.quotes.create({ customer, line_items: [{ price: billing.price.id }] });
    return shop.stripe.quotes.finalizeQuote(id);
  },
  "a discount": async (customer) => {
    const coupon = await shop.stripe.coupons.create({
      amount_off: 500,
      currency: "usd",
      duration: "forever",
    });
    return shop.stripe.rawRequest(
      "POST",
      `/v1/customers/${customer}`,
      { coupon: coupon.id },
      {
        apiVersion: "2024-06-20",
      },
    );
  },
};

test.each(Object.keys(WAYS))(
  "%s in another currency than the customer's subscription is refused",
  async (way) => {
    const { id } = await billing.customer();
    await billing.subscribe(id);
    const error = await refusal(Promise.resolve(WAYS[way]?.(id)));
    expect(error.message).toContain("You cannot combine currencies on a single customer.");
    expect(error.message).toMatch(/with currency usd$/);
  },
);

test.each(Object.keys(OPEN))("%s in dollars keeps a customer from a subscription in rupees", async (kind) => {
  const { id } = await billing.customer();
  await OPEN[kind]?.(id);
  const error = await refusal(
    shop.session({ customer: id, line_items: [{ price: rupees.id, quantity: 1 }], mode: "subscription" }),
  );
  expect(error.message).toContain("You cannot combine currencies on a single customer.");
});

test("every subscription of a customer counts, and none that is over", async () => {
  const { id } = await billing.customer();
  const old = await billing.subscribe(id);
  const others = await Promise.all(Array.from({ length: 101 }, () => billing.subscribe(id)));
  await Promise.all(others.map((one) => shop.stripe.subscriptions.cancel(one.id)));
  const items = [{ price: rupees.id }];
  const refused = await refusal(shop.stripe.subscriptions.create({ customer: id, items }));
  expect(refused.message).toContain("combine currencies");
  await shop.stripe.subscriptions.cancel(old.id);
  expect((await shop.stripe.subscriptions.create({ customer: id, items })).currency).toBe("inr");
});

test("a payment in another currency is nobody's subscription", async () => {
  const { id } = await billing.customer();
  await billing.subscribe(id);
  expect((await shop.session({ customer: id })).currency).toBe("inr");
});
