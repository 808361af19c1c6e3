import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

const DAY = 86_400;

const price = (more: { recurring?: { interval: "month" } } = {}) =>
  shop.stripe.prices.create({
    currency: "usd",
    unit_amount: 1_900,
    currency_options: { inr: { unit_amount: 149_900, tax_behavior: "inclusive" } },
    product_data: { name: "Handbook" },
    ...more,
  });

test("a price's currencies are shown when they are asked for, its own among them, and can be added to", async () => {
  const made = await price();
  expect(made).not.toHaveProperty("currency_options");
  const inr = { unit_amount: 149_900, unit_amount_decimal: "149900", tax_behavior: "inclusive" };
  const usd = { unit_amount: 1_900, tax_behavior: "unspecified" };
  const expand = ["currency_options"];
  const read = await shop.stripe.prices.retrieve(made.id, { expand });
  expect(read.currency_options).toMatchObject({ inr, usd });
  const options = { eur: { unit_amount: 1_700 } };
  await shop.stripe.prices.update(made.id, { currency_options: options });
  const { data } = await shop.stripe.prices.list({
    product: String(made.product),
    expand: ["data.currency_options"],
  });
  expect(data[0]?.currency_options).toMatchObject({ eur: { unit_amount: 1_700 }, inr, usd });
});

test("a session's currency decides what is asked and what is charged", async () => {
  const { id } = await price();
  const line_items = [{ price: id, quantity: 2 }];
  const session = await shop.session({
    currency: "inr",
    line_items,
    expand: ["line_items.data.price.currency_options"],
  });
  expect(session).toMatchObject({ currency: "inr", amount_subtotal: 299_800, amount_total: 299_800 });
  expect(session.line_items?.data[0]).toMatchObject({
    currency: "inr",
    amount_total: 299_800,
    price: { currency: "usd", unit_amount: 1_900, currency_options: { inr: { unit_amount: 149_900 } } },
  });
  await shop.confirm(session.id);
  const paid = await shop.stripe.checkout.sessions.retrieve(session.id, {
    expand: ["payment_intent.latest_charge"],
  });
  expect(paid.payment_intent).toMatchObject({
    amount: 299_800,
    currency: "inr",
    latest_charge: { amount: 299_800, currency: "inr" },
  });
  expect(await shop.session({ line_items })).toMatchObject({ currency: "usd", amount_total: 3_800 });
});

test("a currency that a price of the session hasn't is refused", async () => {
  const { id } = await price();
  const other = await shop.stripe.prices.create({
    currency: "usd",
    unit_amount: 500,
    product_data: { name: "x" },
  });
  const line_items = [id, other.id].map((one) => ({ price: one, quantity: 1 }));
  expect(await refusal(shop.session({ currency: "inr", line_items }))).toMatchObject({
    param: "currency",
    message: expect.stringContaining(
      "supports currencies of `usd`. This doesn't match the expected currency: `inr`.",
    ),
  });
});

test("a subscription and its renewals stay in the currency it was bought in", async () => {
  const { id } = await price({ recurring: { interval: "month" } });
  const session = await shop.plan({ currency: "inr", line_items: [{ price: id, quantity: 2 }] });
  expect(session).toMatchObject({ currency: "inr", amount_total: 299_800 });
  await shop.confirm(session.id);
  const { subscription } = await shop.stripe.checkout.sessions.retrieve(session.id);
  expect(await shop.stripe.subscriptions.retrieve(String(subscription))).toMatchObject({ currency: "inr" });
  await shop.advance(32 * DAY);
  const { data } = await shop.stripe.invoices.list({ subscription: String(subscription) });
  expect(
    data.map(({ amount_paid, currency, lines }) => [amount_paid, currency, lines.data[0]?.currency]),
  ).toEqual([
    [299_800, "inr", "inr"],
    [299_800, "inr", "inr"],
  ]);
});
