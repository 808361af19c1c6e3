import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

const CARD = {
  billing_details: { email: "asha@example.com", name: "Asha Rao" },
  card: { token: "tok_mastercard" },
  type: "card",
} as const;
const AMEX = { ...CARD, card: { token: "tok_amex" } } as const;
const INDIA: "india"[] = ["india"];

test("a payment takes a card that is made in passing: when it is changed, and when it is confirmed", async () => {
  const { paymentIntents } = shop.stripe;
  const { id } = await paymentIntents.create({ amount: 2_000, currency: "usd" });
  const changed = await paymentIntents.update(id, {
    expand: ["payment_method"],
    payment_method_data: CARD,
  });
  expect(changed.status).toBe("requires_confirmation");
  expect(changed.payment_method).toMatchObject({
    billing_details: { name: "Asha Rao" },
    card: { brand: "mastercard" },
  });
  const paid = await paymentIntents.confirm(id, {
    expand: ["latest_charge"],
    payment_method_data: AMEX,
    return_url: "http://shop.test",
  });
  expect(paid.status).toBe("succeeded");
  expect(Object(paid.latest_charge).payment_method_details.card.brand).toBe("amex");
});

test("a setup takes one when it is made, changed and confirmed, and the customer has it afterwards", async () => {
  const { setupIntents } = shop.stripe;
  const customer = (await shop.stripe.customers.create()).id;
  const made = await setupIntents.create({ customer, payment_method_data: CARD });
  expect(made.status).toBe("requires_confirmation");
  const changed = await setupIntents.update(made.id, { payment_method_data: CARD });
  expect(changed.payment_method).not.toBe(made.payment_method);
  const done = await setupIntents.confirm(made.id, {
    payment_method_data: AMEX,
  });
  expect(done.status).toBe("succeeded");
  const saved = await shop.stripe.paymentMethods.list({ customer });
  expect(saved.data.map(({ card }) => card?.brand)).toEqual(["amex"]);
});

test("both a method and the making of one are refused", async () => {
  const both = { payment_method: "pm_card_visa", payment_method_data: CARD };
  const { id } = await shop.stripe.setupIntents.create();
  for (const call of [
    shop.stripe.paymentIntents.create({ amount: 2_000, currency: "usd", ...both }),
    shop.stripe.setupIntents.create(both),
    shop.stripe.setupIntents.confirm(id, both),
  ]) {
    expect(await refusal(call)).toMatchObject({ param: "payment_method", statusCode: 400 });
  }
});

test("what is asked of a card's network and of an Indian mandate stays with the intent", async () => {
  const mandate_options = {
    amount: 50_000,
    amount_type: "maximum",
    interval: "month",
    reference: "plan-7",
    start_date: 1_900_000_000,
    supported_types: INDIA,
  } as const;
  const card = {
    mandate_options,
    request_multicapture: "if_available",
    require_cvc_recollection: true,
  } as const;
  const intent = await shop.stripe.paymentIntents.create({
    amount: 50_000,
    currency: "inr",
    payment_method_options: { card },
  });
  expect(intent.payment_method_options?.card).toMatchObject({
    mandate_options: { ...mandate_options, end_date: null },
    request_multicapture: "if_available",
    require_cvc_recollection: true,
  });
  const setup = await shop.stripe.setupIntents.create({
    payment_method_options: { card: { mandate_options: { ...mandate_options, currency: "inr" } } },
  });
  expect(setup.payment_method_options?.card?.mandate_options).toMatchObject({
    currency: "inr",
    reference: "plan-7",
  });
});
