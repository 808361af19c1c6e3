import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Billing } from "../billing/test-billing.ts";
import { refusal, TestShop } from "../test-shop.ts";
import { check } from "../test-wire.ts";

let shop: TestShop;
let billing: Billing;
beforeAll(async () => {
  shop = await TestShop.open();
  billing = await Billing.open(shop);
});
afterAll(() => shop.close());

async function paidInvoice() {
  const customer = await billing.customer();
  const subscription = await billing.subscribe(customer.id);
  await billing.types();
  return { customer, invoice: String(subscription.latest_invoice) };
}

async function openInvoice() {
  const customer = await billing.customer();
  const { id } = await shop.stripe.invoices.create({
    collection_method: "send_invoice",
    customer: customer.id,
    days_until_due: 7,
  });
  await shop.stripe.invoiceItems.create({ amount: 1_000, customer: customer.id, invoice: id });
  await shop.stripe.invoices.finalizeInvoice(id);
  return id;
}

test("a paid invoice is credited by a refund, to the balance, and outside", async () => {
  const { customer, invoice } = await paidInvoice();
  const note = await shop.stripe.creditNotes.create({
    amount: 900,
    credit_amount: 300,
    invoice,
    out_of_band_amount: 100,
    reason: "order_change",
    refund_amount: 500,
  });
  check(note, "a credit note", new Map());
  expect(note).toMatchObject({
    amount: 900,
    number: expect.stringMatching(/-CN-01$/),
    post_payment_amount: 900,
    refunds: [{ amount_refunded: 500, refund: expect.stringMatching(/^re_/) }],
    status: "issued",
    type: "post_payment",
  });
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({ balance: -300 });
  expect((await shop.stripe.invoices.retrieve(invoice)).post_payment_credit_notes_amount).toBe(900);
  expect(await billing.types()).toEqual(
    expect.arrayContaining(["credit_note.created", "refund.created", "charge.refunded", "customer.updated"]),
  );
  const entries = await shop.stripe.customers.listBalanceTransactions(customer.id);
  expect(entries.data[0]).toMatchObject({ amount: -300, credit_note: note.id, type: "credit_note" });
});

test("the parts of a credit must add up, and never to more than was paid", async () => {
  const { invoice } = await paidInvoice();
  const parts = await refusal(shop.stripe.creditNotes.create({ amount: 900, invoice, refund_amount: 500 }));
  expect(parts.message).toContain("must equal the credit note amount ($9.00)");
  const much = await refusal(
    shop.stripe.creditNotes.create({ amount: 9_000, invoice, refund_amount: 9_000 }),
  );
  expect(much.param).toBe("amount");
});

test("an open invoice asks for less, until the note is taken back", async () => {
  const id = await openInvoice();
  const note = await shop.stripe.creditNotes.create({ amount: 400, invoice: id, memo: "Sorry" });
  expect(note).toMatchObject({ pre_payment_amount: 400, type: "pre_payment" });
  expect(await shop.stripe.invoices.retrieve(id)).toMatchObject({
    amount_remaining: 600,
    pre_payment_credit_notes_amount: 400,
  });
  expect((await shop.stripe.creditNotes.voidCreditNote(note.id)).status).toBe("void");
  expect((await shop.stripe.invoices.retrieve(id)).amount_remaining).toBe(1_000);
});

test("an invoice that is credited whole is paid", async () => {
  const id = await openInvoice();
  const [line] = (await shop.stripe.invoices.listLineItems(id)).data;
  const lines = [{ invoice_line_item: line?.id ?? "", quantity: 1, type: "invoice_line_item" as const }];
  expect((await shop.stripe.creditNotes.preview({ invoice: id, lines })).total).toBe(1_000);
  const note = await shop.stripe.creditNotes.create({ invoice: id, lines });
  expect(note.lines.data).toMatchObject([{ amount: 1_000, invoice_line_item: line?.id }]);
  expect((await shop.stripe.invoices.retrieve(id)).status).toBe("paid");
  expect((await shop.stripe.creditNotes.list({ invoice: id })).data.map((one) => one.id)).toEqual([note.id]);
});

test("a line of a note has its own taxes, which a discount had made less, and is credited with them", async () => {
  const customer = await billing.customer();
  const rate = await shop.stripe.taxRates.create({ display_name: "GST", inclusive: false, percentage: 10 });
  const coupon = await shop.stripe.coupons.create({ percent_off: 20 });
  const { id } = await shop.stripe.invoices.create({
    collection_method: "send_invoice",
    customer: customer.id,
    days_until_due: 7,
    default_tax_rates: [rate.id],
    discounts: [{ coupon: coupon.id }],
    shipping_cost: {
      shipping_rate_data: { display_name: "Post", fixed_amount: { amount: 300, currency: "usd" } },
    },
  });
  await shop.stripe.invoiceItems.create({ amount: 1_000, customer: customer.id, invoice: id });
  const open = await shop.stripe.invoices.finalizeInvoice(id);
  expect(open).toMatchObject({ amount_shipping: 300, subtotal: 1_000, total: 800 + 80 + 300 });
  const [line] = open.lines.data;
  const note = await shop.stripe.creditNotes.create({
    invoice: id,
    lines: [
      {
        amount: 500,
        invoice_line_item: line?.id ?? "",
        metadata: { why: "half" },
        type: "invoice_line_item",
      },
      {
        description: "Fee",
        tax_rates: [rate.id],
        type: "custom_line_item",
        quantity: 3,
        unit_amount_decimal: Stripe.Decimal.from("33.5"),
      },
      {
        description: "Told",
        quantity: 1,
        tax_amounts: [{ amount: 7, tax_rate: rate.id, taxable_amount: 50 }],
        type: "custom_line_item",
        unit_amount: 50,
      },
    ],
    shipping_cost: { shipping_rate: String(open.shipping_cost?.shipping_rate) },
  });
  expect(note.lines.data).toMatchObject([
    {
      amount: 500,
      discount_amount: 100,
      metadata: { why: "half" },
      taxes: [{ amount: 40, taxable_amount: 400 }],
    },
    { amount: 101, tax_rates: [{ id: rate.id }], taxes: [{ amount: 10 }], unit_amount: null },
    { amount: 50, taxes: [{ amount: 7, taxable_amount: 50 }] },
  ]);
  expect(note).toMatchObject({
    amount_shipping: 300,
    discount_amount: 100,
    shipping_cost: { amount_subtotal: 300 },
    subtotal: 651,
    total: 651 - 100 + 57 + 300,
    total_excluding_tax: 851,
    total_taxes: [{ amount: 57 }],
  });
  check(note, "a credit note with taxes", new Map());
  const other = await shop.stripe.shippingRates.create({ display_name: "Air", type: "fixed_amount" });
  const wrong = shop.stripe.creditNotes.preview({ invoice: id, shipping_cost: { shipping_rate: other.id } });
  expect((await refusal(wrong)).param).toBe("shipping_cost[shipping_rate]");
});

test("a refund that was made before can be what a note gives back", async () => {
  const { invoice } = await paidInvoice();
  const payments = await shop.stripe.invoicePayments.list({ invoice });
  const payment_intent = String(payments.data[0]?.payment.payment_intent);
  const { id: refund } = await shop.stripe.refunds.create({ amount: 700, payment_intent });
  const much = shop.stripe.creditNotes.create({
    amount: 800,
    invoice,
    refunds: [{ amount_refunded: 800, refund }],
  });
  expect((await refusal(much)).param).toBe("refunds[0][amount_refunded]");
  const note = await shop.stripe.creditNotes.create({
    amount: 700,
    invoice,
    refunds: [{ refund, type: "refund" }],
  });
  expect(note.refunds).toMatchObject([{ amount_refunded: 700, refund }]);
  expect((await shop.stripe.refunds.list({ payment_intent })).data).toHaveLength(1);
});
