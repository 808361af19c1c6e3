import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refusal, TestShop } from "../test-shop.ts";
import { check } from "../test-wire.ts";

let shop: TestShop;
let customer: string;
beforeEach(async () => {
  shop = await TestShop.open();
  customer = (await shop.stripe.customers.create({ name: "Asha" })).id;
  await shop.types();
  shop.forget();
});
afterEach(() => shop.close());

function transfer(amount: number, extra: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return shop.stripe.paymentIntents.create({
    amount,
    confirm: true,
    currency: "eur",
    customer,
    payment_method_data: { type: "customer_balance" },
    payment_method_options: {
      customer_balance: {
        bank_transfer: { type: "eu_bank_transfer", eu_bank_transfer: { country: "DE" } },
        funding_type: "bank_transfer",
      },
    },
    ...extra,
  });
}

const fund = (amount: number, extra: { reference?: string } = {}) =>
  shop.stripe.testHelpers.customers.fundCashBalance(customer, { amount, currency: "eur", ...extra });
const available = async () => (await shop.stripe.customers.retrieveCashBalance(customer)).available;

test("a bank transfer says where to send the money, and is paid when all of it has come", async () => {
  const intent = await transfer(10_000);
  expect(intent).toMatchObject({
    next_action: {
      display_bank_transfer_instructions: {
        amount_remaining: 10_000,
        financial_addresses: [{ type: "iban", iban: { country: "DE" } }],
        type: "eu_bank_transfer",
      },
    },
    status: "requires_action",
  });
  await fund(4_000);
  const half = await shop.stripe.paymentIntents.retrieve(intent.id);
  expect(half.status).toBe("requires_action");
  expect(half.next_action?.display_bank_transfer_instructions?.amount_remaining).toBe(6_000);
  expect(await shop.types()).toEqual([
    "payment_intent.created",
    "payment_intent.requires_action",
    "customer_cash_balance_transaction.created",
    "customer_cash_balance_transaction.created",
    "payment_intent.partially_funded",
  ]);
  shop.forget();
  await fund(7_000);
  expect(await shop.types()).toEqual([
    "customer_cash_balance_transaction.created",
    "customer_cash_balance_transaction.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "cash_balance.funds_available",
  ]);
  const paid = await shop.stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
  expect(paid).toMatchObject({
    amount_received: 10_000,
    latest_charge: { payment_method_details: { type: "customer_balance" } },
    next_action: null,
    status: "succeeded",
  });
  expect(await available()).toEqual({ eur: 1_000 });
  const bookings = await shop.stripe.customers.listCashBalanceTransactions(customer);
  expect(bookings.data.map(({ type, net_amount }) => [type, net_amount])).toEqual([
    ["applied_to_payment", -6_000],
    ["funded", 7_000],
    ["applied_to_payment", -4_000],
    ["funded", 4_000],
  ]);
  const seen = new Map<string, number>();
  for (const { event } of shop.received) check(event, event.type, seen);
  expect([...seen.keys()]).toEqual(
    expect.arrayContaining(["cash_balance", "customer_cash_balance_transaction"]),
  );
});

test("money that lies there pays at once, and a transfer that is given up gives its part back", async () => {
  await fund(3_000);
  expect((await transfer(3_000)).status).toBe("succeeded");
  await fund(500);
  const waiting = await transfer(2_000);
  expect(waiting.next_action?.display_bank_transfer_instructions?.amount_remaining).toBe(1_500);
  expect(await available()).toBeNull();
  await shop.stripe.paymentIntents.cancel(waiting.id);
  expect(await available()).toEqual({ eur: 500 });
});

test("with manual reconciliation only the shop's word takes money out of the balance", async () => {
  await shop.stripe.customers.updateCashBalance(customer, { settings: { reconciliation_mode: "manual" } });
  const intent = await transfer(2_000);
  await fund(5_000);
  expect((await shop.stripe.paymentIntents.retrieve(intent.id)).status).toBe("requires_action");
  const tooMuch = shop.stripe.paymentIntents.applyCustomerBalance(intent.id, {
    amount: 2_001,
    currency: "eur",
  });
  expect((await refusal(tooMuch)).param).toBe("amount");
  const part = await shop.stripe.paymentIntents.applyCustomerBalance(intent.id, {
    amount: 500,
    currency: "eur",
  });
  expect(part.status).toBe("requires_action");
  expect((await shop.stripe.paymentIntents.applyCustomerBalance(intent.id)).status).toBe("succeeded");
  expect(await available()).toEqual({ eur: 3_000 });
});

test("a transfer with its reference pays the payment it names, without one the oldest", async () => {
  const older = await transfer(1_000);
  const newer = await transfer(1_000);
  await fund(1_000, { reference: newer.next_action?.display_bank_transfer_instructions?.reference ?? "" });
  expect((await shop.stripe.paymentIntents.retrieve(newer.id)).status).toBe("succeeded");
  await fund(1_000);
  expect((await shop.stripe.paymentIntents.retrieve(older.id)).status).toBe("succeeded");
});

test("a bank transfer needs a customer, and a way for the money to come", async () => {
  const guest = { ...(await refusal(transfer(1_000, { customer: "" }))) };
  expect(guest).toMatchObject({ code: "parameter_missing", param: "customer" });
  const wayless = await refusal(transfer(1_000, { payment_method_options: {} }));
  expect(wayless.param).toBe("payment_method_options[customer_balance][funding_type]");
});

test("the page of the instructions names account and reference, and its button sends the money once", async () => {
  const { id, next_action: next } = await transfer(2_500);
  const instructions = next?.display_bank_transfer_instructions;
  const page = instructions?.hosted_instructions_url ?? "";
  const shown = await (await fetch(page, { headers: { "Accept-Language": "hi" } })).text();
  expect(shown).toContain(instructions?.reference);
  expect(shown).toContain(instructions?.financial_addresses?.[0]?.iban?.iban);
  expect(shown).toContain("इस खाते में पैसे भेजें");
  expect((await fetch(page, { method: "POST" })).status).toBe(200);
  expect((await shop.stripe.paymentIntents.retrieve(id)).status).toBe("succeeded");
  expect((await fetch(page, { method: "POST" })).status).toBe(409);
  expect(await available()).toBeNull();
});

test("instructions name the kinds of account that were asked for, and no others", async () => {
  const asked = (
    requested_address_types: Stripe.PaymentIntentCreateParams.PaymentMethodOptions.CustomerBalance.BankTransfer.RequestedAddressType[],
  ) =>
    transfer(10_000, {
      payment_method_options: {
        customer_balance: {
          bank_transfer: { requested_address_types, type: "gb_bank_transfer" },
          funding_type: "bank_transfer",
        },
      },
    });
  const one = await asked(["sort_code"]);
  const instructions = one.next_action?.display_bank_transfer_instructions;
  expect(instructions?.financial_addresses).toMatchObject([{ type: "sort_code" }]);
  expect(one.payment_method_options?.customer_balance?.bank_transfer).toMatchObject({
    requested_address_types: ["sort_code"],
  });
  const other = await asked(["iban"]);
  expect(other.next_action?.display_bank_transfer_instructions?.financial_addresses).toEqual([]);
});
