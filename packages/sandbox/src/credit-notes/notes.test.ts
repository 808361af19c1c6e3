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
