import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
let product: string;
let customer: string;
beforeAll(async () => {
  shop = await TestShop.open();
  product = (await shop.stripe.products.create({ name: "Seats" })).id;
  const payment_method = "pm_card_visa";
  const invoice_settings = { default_payment_method: payment_method };
  customer = (await shop.stripe.customers.create({ invoice_settings, payment_method })).id;
});
afterAll(() => shop.close());

const monthly = { interval: "month" } as const;
/** Up to 5 at $10, up to 20 at $8 with $15 besides, the rest at $5. */
const TIERS = [
  { unit_amount: 1000, up_to: 5 },
  { flat_amount: 1500, unit_amount: 800, up_to: 20 },
  { unit_amount: 500, up_to: "inf" },
] as const;

const tiered = (tiers_mode: "graduated" | "volume", extra: Partial<Stripe.PriceCreateParams> = {}) =>
  shop.stripe.prices.create({
    billing_scheme: "tiered",
    currency: "usd",
    product,
    recurring: monthly,
    tiers: [...TIERS],
    tiers_mode,
    ...extra,
  });

/** What a quantity costs, by each way on which a price becomes money: invoice, preview and session. */
async function costs(price: string, quantity: number): Promise<number[]> {
  const items = [{ price, quantity }];
  const subscription = await shop.stripe.subscriptions.create({
    customer,
    expand: ["latest_invoice"],
    items,
  });
  const preview = await shop.stripe.invoices.createPreview({ subscription_details: { items }, customer });
  const session = await shop.session({ line_items: items, mode: "subscription" });
  return [Object(subscription.latest_invoice).total, preview.total, session.amount_total ?? -1];
}

test.each([
  ["graduated", 0, 0],
  ["graduated", 5, 5_000],
  ["graduated", 6, 5_000 + 1_500 + 800],
  ["graduated", 30, 5_000 + 1_500 + 15 * 800 + 10 * 500],
  ["volume", 5, 5_000],
  ["volume", 6, 1_500 + 6 * 800],
  ["volume", 30, 30 * 500],
] as const)("%s: %i cost %i cents", async (mode, quantity, cents) => {
  const { id } = await tiered(mode);
  if (quantity === 0) {
    const items = [{ price: id, quantity }];
    const preview = await shop.stripe.invoices.createPreview({ subscription_details: { items }, customer });
    expect(preview.total).toBe(cents);
  } else expect(await costs(id, quantity)).toEqual([cents, cents, cents]);
});

test("tiers are shown to who asks for them, in each currency", async () => {
  const eur = [{ flat_amount: 900, unit_amount: 1, up_to: "inf" }] as const;
  const made = await tiered("volume", { currency_options: { eur: { tiers: [...eur] } } });
  expect(made).toMatchObject({ billing_scheme: "tiered", tiers_mode: "volume", unit_amount: null });
  expect(made).not.toHaveProperty("tiers");
  const shown = await shop.stripe.prices.retrieve(made.id, { expand: ["tiers", "currency_options"] });
  expect(shown.tiers?.map(({ up_to }) => up_to)).toEqual([5, 20, null]);
  expect(shown.tiers?.[1]).toMatchObject({ flat_amount: 1500, unit_amount: 800 });
  const preview = await shop.stripe.invoices.createPreview({
    currency: "eur",
    customer,
    subscription_details: { items: [{ price: made.id, quantity: 100 }] },
  });
  expect(preview).toMatchObject({ currency: "eur", total: 1_000 });
});

test("a change of quantity is prorated by what both cost", async () => {
  const { id: price } = await tiered("volume");
  const made = await shop.stripe.subscriptions.create({ customer, items: [{ price, quantity: 5 }] });
  const [item] = made.items.data;
  const preview = await shop.stripe.invoices.createPreview({
    subscription: made.id,
    subscription_details: {
      items: [{ id: item?.id ?? "", quantity: 30 }],
      proration_behavior: "always_invoice",
      proration_date: item?.current_period_start ?? 0,
    },
  });
  expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-5_000, 15_000]);
});

test.each([
  ["up", 101, 3],
  ["down", 101, 2],
  ["up", 100, 2],
] as const)("packages of fifty, rounded %s: %i are %i", async (round, quantity, packages) => {
  const { id } = await shop.stripe.prices.create({
    currency: "usd",
    product,
    recurring: monthly,
    transform_quantity: { divide_by: 50, round },
    unit_amount: 700,
  });
  const cents = packages * 700;
  expect(await costs(id, quantity)).toEqual([cents, cents, cents]);
});

test("what doesn't go together is refused by its name", async () => {
  const base = { currency: "usd", product, recurring: monthly };
  const wrong: [string, object][] = [
    ["tiers_mode", { billing_scheme: "tiered", tiers: TIERS }],
    ["tiers", { billing_scheme: "tiered", tiers_mode: "volume" }],
    ["tiers", { tiers: TIERS, unit_amount: 100 }],
    ["unit_amount", { billing_scheme: "tiered", tiers: TIERS, tiers_mode: "volume", unit_amount: 100 }],
    ["tiers[up_to]", { billing_scheme: "tiered", tiers: TIERS.slice(0, 2), tiers_mode: "volume" }],
    [
      "tiers[1][up_to]",
      { billing_scheme: "tiered", tiers: [TIERS[1], TIERS[0], TIERS[2]], tiers_mode: "volume" },
    ],
  ];
  for (const [param, params] of wrong) {
    const error = await refusal(shop.stripe.prices.create({ ...base, ...params }));
    expect(error.param).toBe(param);
  }
});

test("a plan of former days has tiers too, under an id of its own", async () => {
  const plan = await shop.stripe.plans.create({
    billing_scheme: "tiered",
    currency: "usd",
    expand: ["tiers"],
    id: "seats",
    interval: "month",
    product,
    tiers: [...TIERS],
    tiers_mode: "graduated",
  });
  expect(plan.tiers).toHaveLength(3);
  expect(await costs("seats", 6)).toEqual([7_300, 7_300, 7_300]);
});
