import Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop.close());

const DAY = 86_400;

const create = (payment_method: string, extra: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  shop.stripe.paymentIntents.create({
    amount: 10_000,
    confirm: true,
    currency: "usd",
    payment_method,
    ...extra,
  });

test("a payment is made step by step: created, given a method, confirmed", async () => {
  const made = await shop.stripe.paymentIntents.create({ amount: 5_000, currency: "usd" });
  expect(made).toMatchObject({
    status: "requires_payment_method",
    automatic_payment_methods: { enabled: true },
    client_secret: expect.stringContaining(`${made.id}_secret_`),
  });
  const updated = await shop.stripe.paymentIntents.update(made.id, {
    amount: 6_000,
    payment_method: "pm_card_visa",
  });
  expect(updated).toMatchObject({ amount: 6_000, status: "requires_confirmation" });
  const paid = await shop.stripe.paymentIntents.confirm(made.id);
  expect(paid).toMatchObject({ status: "succeeded", amount_received: 6_000 });
  expect(await shop.types()).toEqual([
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
  ]);
  const again = await refusal(shop.stripe.paymentIntents.confirm(made.id));
  expect(again.code).toBe("payment_intent_unexpected_state");
  expect(again.payment_intent).toMatchObject({ id: made.id, status: "succeeded" });
});

test("a decline is a 402 that names the payment, and another card pays it", async () => {
  const error = await refusal(create("pm_card_visa_chargeDeclinedInsufficientFunds"));
  expect(error).toMatchObject({
    statusCode: 402,
    code: "card_declined",
    decline_code: "insufficient_funds",
    payment_intent: {
      status: "requires_payment_method",
      payment_method: null,
      last_payment_error: { decline_code: "insufficient_funds" },
    },
    payment_method: { card: { last4: "9995" } },
  });
  expect(await shop.types()).toEqual([
    "charge.failed",
    "payment_intent.created",
    "payment_intent.payment_failed",
  ]);
  const { id } = error.payment_intent ?? { id: "" };
  const paid = await shop.stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" });
  expect(paid).toMatchObject({ status: "succeeded", last_payment_error: null });
});

test("a card that Stripe blocks never reaches its bank", async () => {
  const error = await refusal(create("pm_card_radarBlock"));
  const charge = await shop.stripe.charges.retrieve(error.charge ?? "");
  expect(charge.outcome).toMatchObject({ type: "blocked", network_status: "not_sent_to_network" });
});

test("money that is only held is captured in part, once", async () => {
  const held = await create("pm_card_visa", { capture_method: "manual" });
  expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 10_000, amount_received: 0 });
  expect(await shop.types()).toEqual([
    "charge.succeeded",
    "payment_intent.amount_capturable_updated",
    "payment_intent.created",
  ]);
  shop.forget();
  const error = await refusal(shop.stripe.paymentIntents.capture(held.id, { amount_to_capture: 10_001 }));
  expect(error.code).toBe("amount_too_large");
  const taken = await shop.stripe.paymentIntents.capture(held.id, { amount_to_capture: 4_000 });
  expect(taken).toMatchObject({ status: "succeeded", amount_received: 4_000, amount_capturable: 0 });
  expect(await shop.types()).toEqual(["charge.captured", "payment_intent.succeeded"]);
  expect((await refusal(shop.stripe.paymentIntents.capture(held.id))).code).toBe(
    "payment_intent_unexpected_state",
  );
});

test("money that nobody captures for a week is let go", async () => {
  const { id } = await create("pm_card_visa", { capture_method: "manual" });
  await shop.advance(7 * 86_400 + 1);
  expect(await shop.stripe.paymentIntents.retrieve(id)).toMatchObject({
    status: "canceled",
    cancellation_reason: "automatic",
  });
  expect((await shop.types()).slice(-2)).toEqual(["charge.expired", "payment_intent.canceled"]);
});

test("a payment is canceled until it succeeded, and what was held is let go", async () => {
  const made = await shop.stripe.paymentIntents.create({ amount: 5_000, currency: "usd" });
  const canceled = await shop.stripe.paymentIntents.cancel(made.id, { cancellation_reason: "abandoned" });
  expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "abandoned" });
  const held = await create("pm_card_visa", { capture_method: "manual" });
  await shop.stripe.paymentIntents.cancel(held.id);
  expect((await shop.types()).slice(-2)).toEqual(["charge.refunded", "payment_intent.canceled"]);
  const paid = await create("pm_card_visa");
  const error = await refusal(shop.stripe.paymentIntents.cancel(paid.id));
  expect(error.message).toContain(
    "You cannot cancel this PaymentIntent because it has a status of succeeded.",
  );
});

test("a bank's question holds a payment up until it is answered", async () => {
  const asked = await create("pm_card_threeDSecure2Required", { return_url: "http://shop.test/back" });
  expect(asked).toMatchObject({
    status: "requires_action",
    latest_charge: null,
    next_action: { type: "redirect_to_url", redirect_to_url: { return_url: "http://shop.test/back" } },
  });
  expect(await shop.types()).toEqual(["payment_intent.requires_action", "payment_intent.created"]);
  shop.forget();
  await shop.control(`payment_intents/${asked.id}/authenticate`, { outcome: "succeed" });
  expect(await shop.types()).toEqual(["payment_intent.succeeded", "charge.succeeded"]);
  expect(shop.last("charge.succeeded").data.object.payment_method_details?.card).toMatchObject({
    three_d_secure: { result: "authenticated" },
  });
});

test("the page of the question answers it, and leads back with the outcome", async () => {
  const asked = await create("pm_card_threeDSecure2Required", { return_url: "http://shop.test/back?a=1" });
  const page = asked.next_action?.redirect_to_url?.url ?? "";
  expect(await (await fetch(page)).text()).toContain("Fail");
  const answer = (outcome: string) =>
    fetch(page, { method: "POST", redirect: "manual", body: new URLSearchParams({ outcome }) });
  const back = new URL((await answer("fail")).headers.get("location") ?? "");
  expect(back.searchParams.get("redirect_status")).toBe("failed");
  expect([back.searchParams.get("a"), back.searchParams.get("payment_intent")]).toEqual(["1", asked.id]);
  expect(await shop.stripe.paymentIntents.retrieve(asked.id)).toMatchObject({
    status: "requires_payment_method",
    last_payment_error: { code: "payment_intent_authentication_failure" },
  });
  expect((await shop.stripe.charges.list()).data).toEqual([]);
  expect((await answer("complete")).status).toBe(409);
});

test("without its owner a card that needs them is declined, unless it was set up before", async () => {
  const customer = await shop.stripe.customers.create({ email: "asha@example.com" });
  const error = await refusal(create("pm_card_authenticationRequired", { off_session: true }));
  expect(error).toMatchObject({ statusCode: 402, code: "authentication_required" });
  const setup = await shop.stripe.setupIntents.create({
    confirm: true,
    customer: customer.id,
    payment_method: "pm_card_authenticationRequiredOnSetup",
  });
  expect(setup.status).toBe("requires_action");
  await shop.control(`setup_intents/${setup.id}/authenticate`, { outcome: "succeed" });
  const paid = await create(String(setup.payment_method), { customer: customer.id, off_session: true });
  expect(paid.status).toBe("succeeded");
});

test("a question that may not be asked fails the payment instead", async () => {
  const error = await refusal(create("pm_card_threeDSecure2Required", { error_on_requires_action: true }));
  expect(error).toMatchObject({ code: "authentication_required", statusCode: 402 });
});

test("after the question a bank may still decline", async () => {
  const { id } = await create("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds");
  await shop.control(`payment_intents/${id}/authenticate`, { outcome: "succeed" });
  expect(await shop.stripe.paymentIntents.retrieve(id)).toMatchObject({
    status: "requires_payment_method",
    last_payment_error: { decline_code: "insufficient_funds" },
  });
});

test("a card is kept with its customer when the payment says so", async () => {
  const customer = await shop.stripe.customers.create({ email: "asha@example.com" });
  await create("pm_card_visa", { customer: customer.id, setup_future_usage: "off_session" });
  const { data } = await shop.stripe.customers.listPaymentMethods(customer.id);
  expect(data).toHaveLength(1);
  expect(await shop.types()).toContain("payment_method.attached");
});

test.each([
  ["AT611904300234573201", true],
  ["AT861904300235473202", false],
])("a debit of %s is processing, and then its bank answers", async (iban, succeeds) => {
  const method = await shop.stripe.paymentMethods.create({
    type: "sepa_debit",
    sepa_debit: { iban },
    billing_details: { name: "Asha Rao", email: "asha@example.com" },
  });
  const intent = await create(method.id, { currency: "eur" });
  expect(intent.status).toBe("processing");
  shop.forget();
  await shop.advance(6);
  const types = (await shop.types()).filter((type) => type.startsWith("charge.") || type.includes("intent"));
  expect(types.slice(-2)).toEqual(
    succeeds
      ? ["charge.succeeded", "payment_intent.succeeded"]
      : ["charge.failed", "payment_intent.payment_failed"],
  );
});

test("a payment of Checkout's is not confirmed past its page", async () => {
  const session = await shop.session();
  await refusal(shop.confirm(session.id, "pm_card_chargeDeclined"));
  const { payment_intent } = await shop.stripe.checkout.sessions.retrieve(session.id);
  const error = await refusal(
    shop.stripe.paymentIntents.confirm(String(payment_intent), { payment_method: "pm_card_visa" }),
  );
  expect(error.message).toContain("created by a Checkout Session");
});

test("payments are found by what they say", async () => {
  const wanted = await create("pm_card_visa", { metadata: { order: "o-1" } });
  await create("pm_card_visa", { metadata: { order: "o-2" } });
  const found = await shop.stripe.paymentIntents.search({
    query: 'metadata["order"]:"o-1" AND status:"succeeded"',
  });
  expect(found.data.map(({ id }) => id)).toEqual([wanted.id]);
  const error = await refusal(shop.stripe.paymentIntents.search({ query: "nonsense" }));
  expect(error.param).toBe("query");
});

test("methods can't be named at this version, and can at an older one", async () => {
  const params = { amount: 500, currency: "usd", payment_method_types: ["card"] };
  const send = (apiVersion: string) =>
    shop.stripe.rawRequest("POST", "/v1/payment_intents", params, { apiVersion });
  expect((await refusal(send(Stripe.API_VERSION))).code).toBe("payment_method_types_no_longer_supported");
  expect(await send("2024-06-20")).toMatchObject({
    object: "payment_intent",
    payment_method_types: ["card"],
  });
});

test("a charge of its own is made from a token, held, captured and refunded", async () => {
  const charge = await shop.stripe.charges.create({
    amount: 2_000,
    capture: false,
    currency: "usd",
    source: "tok_visa",
  });
  expect(charge).toMatchObject({ captured: false, payment_intent: null, status: "succeeded" });
  const taken = await shop.stripe.charges.capture(charge.id);
  expect(taken).toMatchObject({ captured: true, amount_captured: 2_000 });
  expect(await shop.stripe.refunds.create({ charge: charge.id })).toMatchObject({ amount: 2_000 });
  const error = await refusal(
    shop.stripe.charges.create({ amount: 2_000, currency: "usd", source: "tok_chargeDeclined" }),
  );
  expect(error).toMatchObject({ statusCode: 402, code: "card_declined" });
});

test("a setup is saved, refused or canceled, and says which", async () => {
  const customer = await shop.stripe.customers.create({ email: "asha@example.com" });
  const saved = await shop.stripe.setupIntents.create({
    confirm: true,
    customer: customer.id,
    payment_method: "pm_card_visa",
  });
  expect(saved).toMatchObject({ status: "succeeded", usage: "off_session" });
  expect((await shop.types()).slice(-2)).toEqual(["payment_method.attached", "setup_intent.succeeded"]);
  const refused = await refusal(
    shop.stripe.setupIntents.create({ confirm: true, payment_method: "pm_card_chargeDeclined" }),
  );
  expect(refused).toMatchObject({
    statusCode: 402,
    setup_intent: { status: "requires_payment_method", last_setup_error: { code: "card_declined" } },
  });
  expect((await shop.types()).at(-1)).toBe("setup_intent.setup_failed");
  const open = await shop.stripe.setupIntents.create({ customer: customer.id });
  expect(await shop.stripe.setupIntents.cancel(open.id)).toMatchObject({ status: "canceled" });
  const again = await refusal(shop.stripe.setupIntents.cancel(open.id));
  expect(again.code).toBe("setup_intent_unexpected_state");
  expect((await shop.stripe.setupIntents.list({ customer: customer.id })).data).toHaveLength(2);
});

test("a card that its bank declines can't be saved; one that only fails later can", async () => {
  const customer = await shop.stripe.customers.create({ email: "asha@example.com" });
  const attach = (id: string) => shop.stripe.paymentMethods.attach(id, { customer: customer.id });
  expect((await refusal(attach("pm_card_chargeDeclined"))).statusCode).toBe(402);
  const saved = await attach("pm_card_chargeCustomerFail");
  expect(saved.customer).toBe(customer.id);
  const error = await refusal(create(saved.id, { customer: customer.id, off_session: true }));
  expect(error.code).toBe("card_declined");
  const changed = await shop.stripe.paymentMethods.update(saved.id, { card: { exp_year: 2040 } });
  expect(changed.card?.exp_year).toBe(2040);
  await shop.types();
  expect(shop.last("payment_method.updated").data.previous_attributes).toMatchObject({
    card: { exp_year: expect.any(Number) },
  });
  await shop.stripe.paymentMethods.detach(saved.id);
  expect((await refusal(shop.stripe.paymentMethods.detach(saved.id))).message).toContain("not attached");
});

test("a card's number is not taken over the API", async () => {
  const card = { number: "4242424242424242", exp_month: 12, exp_year: 2034, cvc: "123" };
  const error = await refusal(shop.stripe.paymentMethods.create({ type: "card", card }));
  expect(error).toMatchObject({ statusCode: 402, param: "card[number]" });
});

test("a card that one customer has saved pays for nobody else, and stays theirs", async () => {
  const { customers, invoices, paymentIntents, paymentMethods, setupIntents } = shop.stripe;
  const [owner, other] = [await customers.create({}), await customers.create({})];
  const { id: card } = await paymentMethods.attach("pm_card_visa", { customer: owner.id });
  const theirs = await paymentIntents.create({ amount: 5_000, currency: "usd", customer: other.id });
  const saving = await setupIntents.create({ customer: other.id });
  const invoice = await invoices.create({ customer: other.id });
  await invoices.addLines(invoice.id, { lines: [{ amount: 900 }] });
  const plan = await shop.plan({ customer: other.id });
  for (const stolen of [
    () => create(card),
    () => paymentIntents.confirm(theirs.id, { payment_method: card }),
    () => paymentIntents.update(theirs.id, { payment_method: card }),
    () => setupIntents.create({ confirm: true, customer: other.id, payment_method: card }),
    () => setupIntents.confirm(saving.id, { payment_method: card }),
    () => invoices.pay(invoice.id, { payment_method: card }),
    () => shop.confirm(plan.id, card),
    async () => shop.confirm((await shop.session()).id, card),
  ]) {
    expect((await refusal(stolen())).message).toContain("belongs to a different customer");
  }
  expect((await paymentMethods.retrieve(card)).customer).toBe(owner.id);
  expect((await shop.stripe.charges.list()).data).toEqual([]);
  expect((await create(card, { customer: owner.id })).status).toBe("succeeded");
});

test("what a payment is for is kept item by item; what is said of cards decides whether their money is only held", async () => {
  const { paymentIntents } = shop.stripe;
  const intent = await create("pm_card_visa", {
    amount_details: {
      line_items: [
        {
          product_code: "C-1",
          product_name: "Cable",
          quantity: 2,
          tax: { total_tax_amount: 400 },
          unit_cost: 4_000,
        },
        { discount_amount: 100, product_name: "Postage", quantity: 1, unit_cost: 1_700 },
      ],
    },
    payment_method_options: { card: { capture_method: "manual" } },
    return_url: "https://shop.test/back",
  });
  expect(intent).toMatchObject({ amount_capturable: 10_000, amount_received: 0, status: "requires_capture" });
  const items = await paymentIntents.listAmountDetailsLineItems(intent.id);
  expect(items.data).toMatchObject([
    { product_name: "Cable", quantity: 2, tax: { total_tax_amount: 400 }, unit_cost: 4_000 },
    { discount_amount: 100, product_name: "Postage", tax: null },
  ]);
  const taken = await paymentIntents.capture(intent.id, { amount_details: { line_items: "" } });
  expect(taken).toMatchObject({ amount_received: 10_000, status: "succeeded" });
  expect((await paymentIntents.listAmountDetailsLineItems(intent.id)).data).toEqual([]);
});

test("a debit is asked for on the day that was named, and kept where that is wanted", async () => {
  const { id: customer } = await shop.stripe.customers.create();
  const target_date = new Date(Date.now() + 10 * DAY * 1000).toISOString().slice(0, 10);
  const intent = await create("pm_usBankAccount_insufficientFunds", {
    allowed_payment_method_types: ["us_bank_account"],
    customer,
    payment_method_options: {
      us_bank_account: { setup_future_usage: "off_session", target_date, transaction_purpose: "goods" },
    },
  });
  expect(intent.payment_method_options?.us_bank_account).toEqual({
    setup_future_usage: "off_session",
    target_date,
    transaction_purpose: "goods",
  });
  const kept = await shop.stripe.paymentMethods.list({ customer, type: "us_bank_account" });
  expect(kept.data.map(({ id }) => id)).toEqual([intent.payment_method]);
  await shop.advance(8 * DAY);
  expect((await shop.stripe.paymentIntents.retrieve(intent.id)).status).toBe("processing");
  await shop.advance(3 * DAY);
  expect((await shop.stripe.paymentIntents.retrieve(intent.id)).status).toBe("requires_payment_method");
});

test("what was said of a way to pay can be taken back, and a slip lasts as long as it is told", async () => {
  const made = await shop.stripe.paymentIntents.create({
    allowed_payment_method_types: ["oxxo", "sepa_debit"],
    amount: 5_000,
    currency: "eur",
    payment_method_options: {
      oxxo: { expires_after_days: 7 },
      sepa_debit: { setup_future_usage: "off_session" },
    },
  });
  const changed = await shop.stripe.paymentIntents.update(made.id, {
    payment_method_options: { sepa_debit: { setup_future_usage: "" } },
  });
  expect(changed.payment_method_options).toMatchObject({ oxxo: { expires_after_days: 7 }, sepa_debit: {} });
  expect(changed.payment_method_options?.sepa_debit).not.toHaveProperty("setup_future_usage");
  const kept = { payment_method_options: { ideal: { setup_future_usage: "off_session" as const } } };
  expect((await refusal(shop.stripe.paymentIntents.update(made.id, kept))).message).toBe(
    "payment_method_options[ideal][setup_future_usage] is not supported by the sandbox.",
  );
});

test("what may pay can be said anew until it is paid", async () => {
  const made = await shop.stripe.paymentIntents.create({ amount: 5_000, currency: "eur" });
  const changed = await shop.stripe.paymentIntents.update(made.id, {
    allowed_payment_method_types: ["card", "sepa_debit"],
  });
  expect(changed).toMatchObject({
    allowed_payment_method_types: ["card", "sepa_debit"],
    automatic_payment_methods: null,
    payment_method_types: ["card", "sepa_debit"],
  });
  const paid = await shop.stripe.paymentIntents.confirm(made.id, {
    excluded_payment_method_types: ["sepa_debit"],
    payment_method: "pm_card_visa",
  });
  expect(paid).toMatchObject({
    excluded_payment_method_types: ["sepa_debit"],
    payment_method_types: ["card"],
  });
  const setup = await shop.stripe.setupIntents.create();
  const other = await shop.stripe.setupIntents.update(setup.id, {
    allowed_payment_method_types: ["card", "us_bank_account"],
    flow_directions: ["inbound"],
  });
  expect(other).toMatchObject({
    flow_directions: ["inbound"],
    payment_method_types: ["card", "us_bank_account"],
  });
});
