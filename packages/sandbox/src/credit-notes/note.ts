import type Stripe from "stripe";
import type { Act } from "../act.ts";
import { invalid, refused } from "../api/errors.ts";
import { enterBalance } from "../billing/balance-ledger.ts";
import { settle } from "../billing/collect.ts";
import { customerOf } from "../billing/subscription.ts";
import { longId } from "../ids.ts";
import { formatMoney } from "../money.ts";
import { refundableAmount, refundCharge } from "../payments/refund.ts";
import { mergeMetadata } from "../resources/changes.ts";
import type { Kinds, Metadata, Wire } from "../wire.ts";
import { linkOfInvoice } from "./payment.ts";

export type CreditNote = Kinds["credit_note"];
type Invoice = Kinds["invoice"];
type Line = Wire<Stripe.CreditNoteLineItem>;

export interface Asked {
  amount?: number | undefined;
  credit_amount?: number | undefined;
  effective_at?: number | undefined;
  lines?: AskedLine[] | undefined;
  memo?: string | undefined;
  metadata?: Metadata | "" | undefined;
  out_of_band_amount?: number | undefined;
  reason?: string | undefined;
  refund_amount?: number | undefined;
}

interface AskedLine {
  amount?: number | undefined;
  description?: string | undefined;
  invoice_line_item?: string | undefined;
  quantity?: number | undefined;
  type: string;
  unit_amount?: number | undefined;
}

/** The note as it would be: nothing is stored, and nobody gets anything. */
export function buildNote(act: Act, invoice: Invoice, asked: Asked): CreditNote {
  if (invoice.status !== "open" && invoice.status !== "paid") {
    throw refused("You can only issue credit notes for open or paid invoices.", { param: "invoice" });
  }
  const lines = linesOf(invoice, asked);
  const total = asked.amount ?? lines.reduce((sum, { amount }) => sum + amount, 0);
  if (total <= 0) throw invalid("The credit note's amount must be greater than 0.", "amount");
  checkRoom(invoice, total);
  const paid = invoice.status === "paid";
  if (paid) checkParts(invoice, asked, total);
  const id = longId("cn");
  return {
    id,
    object: "credit_note",
    amount: total,
    amount_shipping: 0,
    created: act.now,
    currency: invoice.currency,
    customer: invoice.customer ?? "",
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: asked.effective_at ?? act.now,
    invoice: invoice.id,
    lines: { object: "list", data: lines, has_more: false, url: `/v1/credit_notes/${id}/lines` },
    livemode: false,
    memo: asked.memo ?? null,
    metadata: mergeMetadata(null, asked.metadata),
    number: `${invoice.number ?? "DRAFT"}-CN-${String(countOf(act, invoice) + 1).padStart(2, "0")}`,
    out_of_band_amount: asked.out_of_band_amount ?? null,
    pdf: `${act.origin}/invoices/${invoice.id}/pdf`,
    post_payment_amount: paid ? total : 0,
    pre_payment_amount: paid ? 0 : total,
    pretax_credit_amounts: [],
    reason: asked.reason ?? null,
    refunds: [],
    shipping_cost: null,
    status: "issued",
    subtotal: total,
    subtotal_excluding_tax: total - taxIn(invoice, total),
    total,
    total_excluding_tax: total - taxIn(invoice, total),
    total_taxes: taxesIn(invoice, total),
    type: paid ? "post_payment" : "pre_payment",
    voided_at: null,
  };
}

/** Issues a note: an open invoice asks for less, and for a paid one money goes back in the ways that were named. */
export function issueNote(act: Act, invoice: Invoice, asked: Asked): CreditNote {
  const built = buildNote(act, invoice, asked);
  const note = act.create({ ...built, ...givenBack(act, invoice, built, asked) }, "credit_note.created");
  if (note.type === "post_payment") {
    const amount = invoice.post_payment_credit_notes_amount + note.total;
    act.change(invoice, { post_payment_credit_notes_amount: amount }, "invoice.updated");
  } else lower(act, invoice, note.total);
  return note;
}

/** Takes a note back, as long as its invoice isn't paid. */
export function voidNote(act: Act, note: CreditNote): CreditNote {
  const invoice = act.store.find("invoice", note.invoice);
  if (note.status === "void" || note.type !== "pre_payment" || invoice?.status !== "open") {
    throw refused("You can only void a credit note that was issued for an open invoice.");
  }
  lower(act, invoice, -note.total);
  return act.change(note, { status: "void", voided_at: act.now }, "credit_note.voided");
}

/** What an open invoice still asks for; with nothing left it is paid. */
function lower(act: Act, invoice: Invoice, by: number): void {
  const open = act.change(
    invoice,
    {
      amount_due: invoice.amount_due - by,
      amount_remaining: invoice.amount_remaining - by,
      pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount + by,
    },
    "invoice.updated",
  );
  const intent = linkOfInvoice(act, invoice.id)?.intent;
  if (intent && intent.status !== "succeeded" && open.amount_due > 0)
    act.change(intent, { amount: open.amount_due });
  if (open.amount_due === 0) settle(act, open, { tries: 0 });
}

function givenBack(act: Act, invoice: Invoice, note: CreditNote, asked: Asked): Partial<CreditNote> {
  const { credit_amount: credit = 0, refund_amount: refund = 0 } = asked;
  return {
    ...(credit > 0 && { customer_balance_transaction: creditTo(act, invoice, note, credit) }),
    ...(refund > 0 && { refunds: [refundOf(act, invoice, refund)] }),
  };
}

function creditTo(act: Act, invoice: Invoice, note: CreditNote, credit: number): string {
  const known = customerOf(act, invoice);
  const customer = act.change(known, { balance: known.balance - credit }, "customer.updated");
  const entered = enterBalance(act, customer, {
    amount: -credit,
    currency: note.currency,
    invoice: invoice.id,
    type: "credit_note",
  });
  return act.change(entered, { credit_note: note.id }).id;
}

function refundOf(act: Act, invoice: Invoice, amount: number): CreditNote["refunds"][number] {
  const charge = act.store.find("charge", linkOfInvoice(act, invoice.id)?.intent?.latest_charge ?? "");
  if (!charge) throw invalid("There is no payment of this invoice that could be refunded.", "refund_amount");
  const refund = refundCharge(act, charge, {
    amount: refundableAmount(act, charge, amount),
    metadata: {},
    reason: null,
  });
  return { amount_refunded: amount, payment_record_refund: null, refund: refund.id, type: "refund" };
}

function checkRoom(invoice: Invoice, total: number): void {
  const most =
    invoice.status === "paid"
      ? invoice.total - invoice.pre_payment_credit_notes_amount - invoice.post_payment_credit_notes_amount
      : invoice.amount_remaining;
  if (total <= most) return;
  const money = (amount: number) => formatMoney(amount, invoice.currency);
  throw invalid(
    `The credit note's amount (${money(total)}) is more than can be credited (${money(most)}).`,
    "amount",
  );
}

function checkParts(invoice: Invoice, asked: Asked, total: number): void {
  const { credit_amount: credit = 0, out_of_band_amount: outside = 0, refund_amount: refund = 0 } = asked;
  const sum = credit + outside + refund;
  if (sum === total) return;
  const money = (amount: number) => formatMoney(amount, invoice.currency);
  throw invalid(
    `The sum of credit amount, refund amount and out of band amount (${money(sum)}) must equal the credit note amount (${money(total)}).`,
  );
}

function linesOf(invoice: Invoice, { amount, lines }: Asked): Line[] {
  if (amount !== undefined && lines) {
    throw invalid("You may only specify one of these parameters: amount, lines.", "amount");
  }
  if (amount !== undefined) return [line({ amount, description: "Credit", type: "custom_line_item" })];
  return (lines ?? []).map((asked, place) => {
    if (asked.type === "custom_line_item") {
      const { quantity = 1, unit_amount = 0, description = null } = asked;
      return line({ amount: unit_amount * quantity, description, quantity, type: asked.type, unit_amount });
    }
    const known = invoice.lines.data.find(({ id }) => id === asked.invoice_line_item);
    if (!known) {
      const param = `lines[${place}][invoice_line_item]`;
      throw invalid(`No such invoice line item: '${asked.invoice_line_item}'`, param, "resource_missing");
    }
    const each = known.amount / (known.quantity ?? 1);
    const credited = asked.amount ?? Math.round(each * (asked.quantity ?? known.quantity ?? 1));
    const { description } = known;
    return line({
      amount: credited,
      description,
      invoice_line_item: known.id,
      quantity: asked.quantity ?? null,
      type: asked.type,
    });
  });
}

function line(given: Pick<Line, "amount" | "description" | "type"> & Partial<Line>): Line {
  return {
    id: longId("cnli"),
    object: "credit_note_line_item",
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: null,
    pretax_credit_amounts: [],
    quantity: null,
    tax_rates: [],
    taxes: [],
    unit_amount: null,
    unit_amount_decimal: null,
    ...given,
  };
}

/** The taxes of the invoice, as far as this part of it is concerned. */
const taxesIn = (invoice: Invoice, part: number) =>
  (invoice.total_taxes ?? []).map((tax) => ({
    ...tax,
    amount: Math.round((tax.amount * part) / invoice.total),
    taxable_amount:
      tax.taxable_amount === null ? null : Math.round((tax.taxable_amount * part) / invoice.total),
  }));

const taxIn = (invoice: Invoice, part: number) =>
  taxesIn(invoice, part).reduce((sum, { amount }) => sum + amount, 0);

const countOf = (act: Act, { id }: Invoice) =>
  act.store.countOf("credit_note", [{ field: "invoice", is: "=", value: id }]);
