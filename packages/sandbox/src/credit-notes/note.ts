import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, noSuch, refused } from "../api/errors.ts";
import { enterBalance } from "../billing/balance-ledger.ts";
import { settle } from "../billing/collect.ts";
import { customerOf } from "../billing/subscription.ts";
import { longId } from "../ids.ts";
import { formatMoney } from "../money.ts";
import { refundableAmount, refundCharge } from "../refunds/refund.ts";
import type { Kinds, Metadata } from "../wire.ts";
import { linkOfInvoice } from "./payment.ts";
import { type AskedSums, sumsOf } from "./totals.ts";

export type CreditNote = Kinds["credit_note"];
type Invoice = Kinds["invoice"];

export interface Asked extends AskedSums {
  credit_amount?: number | undefined;
  effective_at?: number | undefined;
  memo?: string | undefined;
  metadata?: Metadata | "" | undefined;
  out_of_band_amount?: number | undefined;
  reason?: string | undefined;
  refund_amount?: number | undefined;
  refunds?: { amount_refunded?: number | undefined; refund?: string | undefined }[] | undefined;
}

/** The note as it would be: nothing is stored, and nobody gets anything. */
export function buildNote(act: Act, invoice: Invoice, asked: Asked): CreditNote {
  if (invoice.status !== "open" && invoice.status !== "paid") {
    throw refused("You can only issue credit notes for open or paid invoices.", { param: "invoice" });
  }
  const { lines, ...sums } = sumsOf(act, invoice, asked);
  const { total } = sums;
  if (total <= 0) throw invalid("The credit note's amount must be greater than 0.", "amount");
  checkRoom(invoice, total);
  const paid = invoice.status === "paid";
  const refunds = refundsOf(act, invoice, asked);
  if (paid) checkParts(invoice, asked, refunds, total);
  const id = longId("cn");
  return {
    id,
    object: "credit_note",
    created: act.now,
    currency: invoice.currency,
    customer: invoice.customer ?? "",
    customer_account: null,
    customer_balance_transaction: null,
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
    refunds,
    status: "issued",
    ...sums,
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
    ...(refund > 0 && { refunds: [...note.refunds, refundOf(act, invoice, refund)] }),
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

/** Refunds that were made before, and are what this note gives back. */
function refundsOf(act: Act, invoice: Invoice, { refunds = [] }: Asked): CreditNote["refunds"] {
  const paidBy = linkOfInvoice(act, invoice.id)?.intent?.id;
  return refunds.map(({ amount_refunded: part, refund: id = "" }, place) => {
    const refund = act.store.find("refund", id);
    if (!refund) throw noSuch("refund", id, `refunds[${place}][refund]`);
    if (!paidBy || refund.payment_intent !== paidBy) {
      throw invalid("The refund must be of the payment of this invoice.", `refunds[${place}][refund]`);
    }
    if (part !== undefined && part > refund.amount) {
      throw invalid("The amount is more than was refunded.", `refunds[${place}][amount_refunded]`);
    }
    return {
      amount_refunded: part ?? refund.amount,
      payment_record_refund: null,
      refund: id,
      type: "refund",
    };
  });
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

function checkParts(invoice: Invoice, asked: Asked, refunds: CreditNote["refunds"], total: number): void {
  const { credit_amount: credit = 0, out_of_band_amount: outside = 0, refund_amount: refund = 0 } = asked;
  const before = refunds.reduce((all, { amount_refunded }) => all + amount_refunded, 0);
  const sum = credit + outside + refund + before;
  if (sum === total) return;
  const money = (amount: number) => formatMoney(amount, invoice.currency);
  throw invalid(
    `The sum of credit amount, refund amount and out of band amount (${money(sum)}) must equal the credit note amount (${money(total)}).`,
  );
}

const countOf = (act: Act, { id }: Invoice) =>
  act.store.countOf("credit_note", [{ field: "invoice", is: "=", value: id }]);
