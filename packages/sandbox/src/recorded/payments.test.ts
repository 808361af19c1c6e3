import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

/** What recordings of Stripe show of payments and of what they are made with. */

let shop: TestShop;
beforeAll(async () => {
  shop = await TestShop.open();
});
afterAll(() => shop.close());

const pay = (extra: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  shop.stripe.paymentIntents.create({
    amount: 2_000,
    confirm: true,
    currency: "usd",
    expand: ["latest_charge"],
    payment_method: "pm_card_visa",
    return_url: "http://shop.test",
    ...extra,
  });

test("a ready-made card can be looked at", async () => {
  const card = await shop.stripe.paymentMethods.retrieve("pm_card_visa");
  expect(card).toMatchObject({ card: { brand: "visa", last4: "4242" }, object: "payment_method" });
});

test.each([
  ["pm_card_discover", { last4: "9424" }],
  ["pm_card_amex", { last4: "8431" }],
  ["pm_card_authenticationRequired", { country: "DE" }],
  ["pm_card_us", { country: "US" }],
  ["pm_card_br", { country: "BR" }],
  ["pm_card_gb", { country: "GB" }],
  ["pm_card_de", { country: "DE" }],
  ["pm_card_fr", { country: "FR" }],
  ["pm_card_cartesBancaires", { brand: "visa", country: "FR", last4: "1001" }],
  ["pm_card_mastercard_prepaid", { brand: "mastercard", funding: "prepaid" }],
  ["pm_card_avsFail", { checks: { address_line1_check: "fail", address_postal_code_check: "fail" } }],
])("%s is %j", async (name, card) => {
  expect((await shop.stripe.paymentMethods.retrieve(name)).card).toMatchObject(card);
});

test("attaching a method that isn't there is answered 404", async () => {
  const customer = await shop.stripe.customers.create();
  const error = await refusal(shop.stripe.paymentMethods.attach("pm_nothing", { customer: customer.id }));
  expect(error).toMatchObject({ code: "resource_missing", statusCode: 404 });
});

test("a declined attachment says what to do about it", async () => {
  const customer = await shop.stripe.customers.create();
  const attached = shop.stripe.paymentMethods.attach("pm_card_visa_chargeDeclined", {
    customer: customer.id,
  });
  expect((await refusal(attached)).raw).toMatchObject({
    advice_code: "try_again_later",
    code: "card_declined",
    decline_code: "generic_decline",
    network_decline_code: "01",
    param: "",
  });
});

test("a card payment says all that recordings show of it", async () => {
  const intent = await pay();
  expect(intent).toMatchObject({
    amount_details: { tip: {} },
    payment_details: { customer_reference: null, order_reference: null },
  });
  expect(intent.latest_charge).toMatchObject({
    payment_method_details: {
      card: {
        authorization_code: expect.stringMatching(/^\d{6}$/),
        extended_authorization: { status: "disabled" },
        incremental_authorization: { status: "unavailable" },
        multicapture: { status: "unavailable" },
        network_token: { used: false },
        network_transaction_id: expect.stringMatching(/^\d{15}$/),
        overcapture: { maximum_amount_capturable: 2_000, status: "unavailable" },
      },
    },
  });
});

test("what a payment is made up of is kept", async () => {
  const intent = await pay({
    amount_details: { shipping: { amount: 500 }, tax: { total_tax_amount: 100 } },
    payment_details: { order_reference: "order 7" },
  });
  expect(intent).toMatchObject({
    amount_details: { shipping: { amount: 500 }, tax: { total_tax_amount: 100 } },
    payment_details: { order_reference: "order 7" },
  });
});

test("a card can be wanted for later by its own option", async () => {
  const customer = await shop.stripe.customers.create();
  const intent = await pay({
    customer: customer.id,
    payment_method_options: { card: { setup_future_usage: "off_session" } },
  });
  expect(intent.payment_method_options?.card?.setup_future_usage).toBe("off_session");
  expect((await shop.stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
});

test("a setup that names no types is for all that the account offers", async () => {
  const setup = await shop.stripe.setupIntents.create({ flow_directions: ["inbound"] });
  expect(setup).toMatchObject({
    automatic_payment_methods: { allow_redirects: "always", enabled: true },
    flow_directions: ["inbound"],
    payment_method_options: { card: { request_three_d_secure: "automatic" } },
  });
});

test("a setup that wants nobody led away says so", async () => {
  const automatic_payment_methods = { allow_redirects: "never", enabled: true } as const;
  const setup = await shop.stripe.setupIntents.create({ automatic_payment_methods });
  expect(setup.automatic_payment_methods).toEqual(automatic_payment_methods);
});

test.each(["nonsense", "ideal"])("%s can't pay for an order in dollars", async (type) => {
  const older = { apiVersion: "2025-03-31.basil" };
  const session = shop.stripe.rawRequest(
    "POST",
    "/v1/checkout/sessions",
    {
      line_items: [
        { price_data: { currency: "usd", product_data: { name: "x" }, unit_amount: 500 }, quantity: 1 },
      ],
      mode: "payment",
      payment_method_types: ["card", type],
      success_url: "http://shop.test",
    },
    older,
  );
  expect((await refusal(session)).statusCode).toBe(400);
  const intent = { amount: 500, currency: "usd", payment_method_types: [type] };
  expect(
    (await refusal(shop.stripe.rawRequest("POST", "/v1/payment_intents", intent, older))).statusCode,
  ).toBe(400);
});

test("today's list of types is a filter, and something has to pass it", async () => {
  const wanted = (types: Stripe.Checkout.SessionCreateParams.AllowedPaymentMethodType[]) =>
    shop.session({ allowed_payment_method_types: types });
  expect((await wanted(["card", "ideal", "link"])).payment_method_types).toEqual(["card", "link"]);
  expect((await refusal(wanted(["ideal"]))).message).toContain("No valid payment method types");
  expect((await refusal(wanted(["nonsense"]))).param).toBe("allowed_payment_method_types[0]");
});

test("card numbers are refused, until the account may send them", async () => {
  const card = { number: "4000 0000 0000 9995", exp_month: 4, exp_year: 2034, cvc: "123" };
  const create = () => shop.stripe.paymentMethods.create({ card, type: "card" });
  expect((await refusal(create())).statusCode).toBe(402);
  await shop.control("cards", { raw_numbers: true });
  const method = await create();
  expect(method.card).toMatchObject({ exp_month: 4, exp_year: 2034, last4: "9995" });
  expect((await refusal(pay({ payment_method: method.id }))).code).toBe("card_declined");
  const token = await shop.stripe.tokens.create({
    card: { number: "5555555555554444", exp_month: "7", exp_year: "2033", cvc: "123" },
  });
  const charge = await shop.stripe.charges.create({ amount: 500, currency: "usd", source: token.id });
  expect(charge.payment_method_details?.card).toMatchObject({ brand: "mastercard", exp_month: 7 });
  const real = { ...card, number: "4111111111111111" };
  const refused = await refusal(shop.stripe.paymentMethods.create({ card: real, type: "card" }));
  expect(refused.decline_code).toBe("test_mode_live_card");
  await shop.control("cards", { raw_numbers: false });
});

test("a setup session has its setup, and says nothing of discounts", async () => {
  const customer = await shop.stripe.customers.create({ email: "setup@example.com" });
  const session = await shop.stripe.checkout.sessions.create({
    currency: "usd",
    customer: customer.id,
    mode: "setup",
    success_url: "http://shop.test",
  });
  expect(session).toMatchObject({
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    customer_details: { tax_exempt: null },
    discounts: null,
    setup_intent: expect.stringMatching(/^seti_/),
  });
});

test("what a session says of wallets is kept", async () => {
  const session = await shop.session({ wallet_options: { link: { display: "never" } } });
  expect(session.wallet_options).toEqual({ link: { display: "never" } });
});

test("the page has what scripts for Stripe's own look for", async () => {
  const session = await shop.session();
  const page = await (await fetch(session.url ?? "")).text();
  for (const part of [
    'name="billingPostalCode"',
    'id="enableStripePass"',
    'data-testid="card-accordion-item"',
    'value="Pay"',
  ]) {
    expect(page).toContain(part);
  }
  await shop.submit(session.id, { billingPostalCode: "94103", billingCountry: "US" });
  const done = await shop.stripe.checkout.sessions.retrieve(session.id);
  expect(done.customer_details?.address).toMatchObject({ country: "US", postal_code: "94103" });
});
