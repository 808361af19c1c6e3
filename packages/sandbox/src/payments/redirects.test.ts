import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());
beforeEach(() => shop.forget());

const WAYS = [
  ["ideal", "eur"],
  ["upi", "inr"],
] as const;

function session(type: string, currency: string, extra: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const price_data = { currency, product_data: { name: "Handbook" }, unit_amount: 49_900 };
  const allowed: Stripe.Checkout.SessionCreateParams.AllowedPaymentMethodType[] = ["card", type];
  return shop.session({
    allowed_payment_method_types: allowed,
    line_items: [{ price_data, quantity: 1 }],
    ...extra,
  });
}

const answer = (url: string, outcome: string) =>
  fetch(url, { body: new URLSearchParams({ outcome }), method: "POST", redirect: "manual" });

test.each(WAYS)("%s: the page leads to the bank's question, and its yes pays", async (type, currency) => {
  const { id } = await session(type, currency);
  const asked = await shop.submit(id, { billingName: "Asha Rao", cardNumber: "", paymentMethod: type });
  const url = new URL(asked.headers.get("location") ?? "", shop.sandbox.url).href;
  expect(url).toMatch(/\/challenge$/);
  expect((await shop.stripe.checkout.sessions.retrieve(id)).status).toBe("open");
  const done = await answer(url, "complete");
  expect(done.headers.get("location")).toContain("thanks");
  const paid = await shop.stripe.checkout.sessions.retrieve(id, { expand: ["payment_intent.latest_charge"] });
  expect(paid).toMatchObject({ payment_status: "paid", status: "complete" });
  const { payment_method_details: details } = Object(paid.payment_intent).latest_charge;
  expect(details.type).toBe(type);
  if (type === "ideal") expect(details.ideal.verified_name).toBe("Asha Rao");
  expect(await shop.types()).toEqual(
    expect.arrayContaining([
      "payment_intent.requires_action",
      "checkout.session.completed",
      "charge.succeeded",
    ]),
  );
});

test.each(WAYS)("%s: a no leaves the session open for another way to pay", async (type, currency) => {
  const { id } = await session(type, currency);
  const asked = await shop.submit(id, { cardNumber: "", paymentMethod: type });
  const refused = await answer(new URL(asked.headers.get("location") ?? "", shop.sandbox.url).href, "fail");
  expect(refused.status).toBe(402);
  expect(await shop.types()).toContain("payment_intent.payment_failed");
  expect((await shop.submit(id)).headers.get("location")).toContain("thanks");
});

test.each(WAYS)("%s by the API: the buyer is sent to the bank and comes back", async (type, currency) => {
  const intent = await shop.stripe.paymentIntents.create({
    amount: 49_900,
    confirm: true,
    currency,
    payment_method_data: { billing_details: { name: "Asha Rao" }, type },
    return_url: "http://shop.test/back",
    allowed_payment_method_types: [type],
  });
  expect(intent.status).toBe("requires_action");
  const back = await answer(intent.next_action?.redirect_to_url?.url ?? "", "complete");
  expect(back.headers.get("location")).toContain("redirect_status=succeeded");
  expect((await shop.stripe.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
});

test("they are for their own currency, and for payments that are not repeated", async () => {
  const dollars = shop.stripe.paymentIntents.create({
    allowed_payment_method_types: ["ideal"],
    amount: 5_000,
    currency: "usd",
  });
  expect(await refusal(dollars)).toMatchObject({ param: "allowed_payment_method_types" });
  const recurring = { interval: "month" } as const;
  const price_data = { currency: "eur", product_data: { name: "Plan" }, recurring, unit_amount: 900 };
  const plan = session("ideal", "eur", {
    line_items: [{ price_data, quantity: 1 }],
    mode: "subscription",
  });
  expect(await refusal(plan)).toMatchObject({ param: "allowed_payment_method_types" });
});
