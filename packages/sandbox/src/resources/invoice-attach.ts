import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch, refused } from "../api/errors.ts";
import { hash, notBuilt, text } from "../api/params.ts";
import { settle } from "../billing/collect.ts";
import { randomText } from "../ids.ts";
import type { Kinds } from "../wire.ts";
import { invoiceAt } from "./invoice-fields.ts";

type Intent = Kinds["payment_intent"];
type Invoice = Kinds["invoice"];

/** Pays an invoice, or a part of it, with a payment that was made for something else or is still to be made. */
export const attachPayment = endpoint({
  method: "POST",
  path: "/v1/invoices/:id/attach_payment",
  params: hash({ payment_intent: text().optional(), payment_record: notBuilt() }),
  run(given, params, { id }) {
    const { act, invoice } = invoiceAt(given, id);
    if (!params.payment_intent) throw missing("payment_intent");
    const intent = act.store.find("payment_intent", params.payment_intent);
    if (!intent) throw noSuch("payment_intent", params.payment_intent, "payment_intent");
    checkFits(act, invoice, intent);
    link(act, invoice, intent);
    if (intent.status !== "succeeded") return invoice;
    if (intent.amount_received === invoice.amount_remaining) {
      return settle(act, invoice, { intent: intent.id, tries: 0 });
    }
    return act.change(
      invoice,
      {
        amount_paid: invoice.amount_paid + intent.amount_received,
        amount_remaining: invoice.amount_remaining - intent.amount_received,
      },
      "invoice.updated",
    );
  },
});

function checkFits(act: Act, invoice: Invoice, intent: Intent): void {
  if (invoice.status !== "open") throw refused("You can only attach payments to open invoices.");
  if (act.store.note(intent.id, "invoice") !== undefined) {
    throw invalid("This PaymentIntent is attached to an invoice already.", "payment_intent");
  }
  if (intent.currency !== invoice.currency || intent.customer !== invoice.customer) {
    throw invalid("The PaymentIntent must have the invoice's currency and customer.", "payment_intent");
  }
  const whole = intent.amount === invoice.amount_remaining;
  if (intent.amount > invoice.amount_remaining || (intent.status !== "succeeded" && !whole)) {
    throw invalid("The PaymentIntent's amount doesn't fit what is left to be paid.", "payment_intent");
  }
}

function link(act: Act, invoice: Invoice, intent: Intent): void {
  const paid = intent.status === "succeeded";
  act.store.setNote(intent.id, "invoice", invoice.id);
  act.create<Kinds["invoice_payment"]>({
    id: `inpay_1${randomText(23)}`,
    object: "invoice_payment",
    amount_paid: paid ? intent.amount_received : null,
    amount_requested: intent.amount,
    created: act.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: false,
    livemode: false,
    payment: { payment_intent: intent.id, type: "payment_intent" },
    status: paid ? "paid" : "open",
    status_transitions: { canceled_at: null, paid_at: paid ? act.now : null },
  });
}
