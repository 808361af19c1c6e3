import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Billing } from "../billing/test-billing.ts";
import { refusal, TestShop } from "../test-shop.ts";

let shop: TestShop;
let billing: Billing;
beforeAll(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
});
afterAll(() => shop.close());

const NAMED = "payment_settings[payment_method_types]";
const settings = (
  ...payment_method_types: Stripe.InvoiceCreateParams.PaymentSettings.PaymentMethodType[]
) => ({
  payment_settings: { payment_method_types },
});

/** An invoice over $9, not yet paid, whose payment is of these types. */
async function invoiceFor(
  customer: string,
  ...types: Stripe.InvoiceCreateParams.PaymentSettings.PaymentMethodType[]
) {
  const { id } = await shop.stripe.invoices.create({ customer, ...settings(...types) });
  await shop.stripe.invoiceItems.create({ amount: 900, customer, invoice: id });
  return id;
}

test("an invoice's payment is of the types that were named, and others don't pay it", async () => {
  const { id: customer } = await billing.customer();
  const id = await invoiceFor(customer, "us_bank_account");
  const open = await shop.stripe.invoices.finalizeInvoice(id, { expand: ["confirmation_secret"] });
  // The customer's card is none of them, so nothing was charged.
  expect(open.status).toBe("open");
  const [card] = (await shop.stripe.paymentMethods.list({ customer, type: "card" })).data;
  const refused = await refusal(shop.stripe.invoices.pay(id, { payment_method: card?.id ?? "" }));
  expect(refused).toMatchObject({ param: "payment_method", statusCode: 400 });
  expect(refused.message).toContain("us_bank_account");
  expect((await refusal(shop.stripe.invoices.pay(id))).code).toBe("resource_missing");
  const { id: other } = await shop.stripe.invoices.pay(await invoiceFor(customer, "card", "link"), {
    expand: ["payments"],
  });
  const [payment] = (await shop.stripe.invoicePayments.list({ invoice: other })).data;
  const intent = await shop.stripe.paymentIntents.retrieve(String(payment?.payment.payment_intent));
  expect(intent.payment_method_types).toEqual(["card", "link"]);
});

test("types that the API doesn't know, or that can't pay in the currency, are refused of invoices and subscriptions", async () => {
  const { id: customer } = await billing.customer();
  const unknown = { payment_settings: { payment_method_types: ["nonsense"] } };
  const euros = settings("sepa_debit");
  const { id } = await billing.subscribe(customer);
  for (const call of [
    (params: object) => shop.stripe.invoices.create({ customer, ...params }),
    (params: object) => billing.subscribe(customer, params),
    (params: object) => shop.stripe.subscriptions.update(id, params),
  ]) {
    expect((await refusal(call(unknown))).param).toBe(`${NAMED}[0]`);
    expect((await refusal(call(euros))).param).toBe(NAMED);
  }
});

test("what a subscription names holds for its invoices too", async () => {
  const { id: customer } = await billing.customer();
  // The customer has a card alone.
  const refused = await refusal(billing.subscribe(customer, settings("us_bank_account")));
  expect(refused.code).toBe("resource_missing");
  const paid = await billing.subscribe(customer, settings("card", "link"));
  expect(paid.status).toBe("active");
  const invoice = await billing.latestInvoice(paid);
  expect(invoice.payment_settings.payment_method_types).toEqual(["card", "link"]);
});

test("a setup offers what can be kept for later, and refuses the rest", async () => {
  const create = (params: Stripe.SetupIntentCreateParams) => shop.stripe.setupIntents.create(params);
  const narrowed = await create({ allowed_payment_method_types: ["card", "ideal", "us_bank_account"] });
  expect(narrowed.payment_method_types).toEqual(["card", "us_bank_account"]);
  const without = await create({ excluded_payment_method_types: ["sepa_debit"] });
  expect(without.payment_method_types).toEqual(["card"]);
  const unknown = create({ allowed_payment_method_types: ["nonsense"] });
  expect((await refusal(unknown)).param).toBe("allowed_payment_method_types[0]");
  const none = create({ allowed_payment_method_types: ["oxxo"] });
  expect((await refusal(none)).param).toBe("allowed_payment_method_types");
  const all = create({ excluded_payment_method_types: ["card"] });
  expect((await refusal(all)).statusCode).toBe(400);
  const changed = shop.stripe.setupIntents.update(narrowed.id, { allowed_payment_method_types: ["upi"] });
  expect((await refusal(changed)).param).toBe("allowed_payment_method_types");
  const older = new Stripe("sk_test_123", {
    apiVersion: "2024-06-20" as typeof Stripe.API_VERSION,
    host: "127.0.0.1",
    maxNetworkRetries: 0,
    port: shop.sandbox.port,
    protocol: "http",
    telemetry: false,
  });
  const strict = older.rawRequest("POST", "/v1/setup_intents", { payment_method_types: ["card", "oxxo"] });
  expect((await refusal(strict)).param).toBe("payment_method_types");
});

test("a configuration that there isn't is refused wherever one is named, and the one there is is taken", async () => {
  const pmc = { payment_method_configuration: "pmc_unknown" };
  const { id: intent } = await shop.stripe.paymentIntents.create({ amount: 500, currency: "usd" });
  const { id: setup } = await shop.stripe.setupIntents.create();
  for (const call of [
    (params: object) => shop.session(params),
    (params: object) => shop.stripe.paymentIntents.create({ amount: 500, currency: "usd", ...params }),
    (params: object) => shop.stripe.paymentIntents.update(intent, params),
    (params: object) => shop.stripe.setupIntents.create(params),
    (params: object) => shop.stripe.setupIntents.update(setup, params),
  ]) {
    expect(await refusal(call(pmc))).toMatchObject({
      code: "resource_missing",
      message: "No such payment_method_configuration: 'pmc_unknown'",
      param: "payment_method_configuration",
      statusCode: 400,
    });
  }
  const session = await shop.session();
  const id = session.payment_method_configuration_details?.id ?? "";
  expect((await shop.session({ payment_method_configuration: id })).id).toMatch(/^cs_test_/);
});

test("tax ids of a customer are only listed of one that is named", async () => {
  const { id: customer } = await billing.customer();
  await shop.stripe.taxIds.create({ type: "us_ein", value: "12-3456789" });
  const made = await shop.stripe.taxIds.create({
    owner: { customer, type: "customer" },
    type: "us_ein",
    value: "98-7654321",
  });
  const refused = await refusal(shop.stripe.taxIds.list({ owner: { type: "customer" } }));
  expect(refused).toMatchObject({ code: "parameter_missing", param: "owner[customer]", statusCode: 400 });
  const theirs = await shop.stripe.taxIds.list({ owner: { customer, type: "customer" } });
  expect(theirs.data.map(({ id }) => id)).toEqual([made.id]);
  expect((await shop.stripe.taxIds.list({ owner: { type: "self" } })).data).toHaveLength(1);
  expect((await shop.stripe.taxIds.list({ owner: { type: "application" } })).data).toEqual([]);
});
