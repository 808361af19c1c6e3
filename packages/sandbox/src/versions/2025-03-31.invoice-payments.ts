import type { Json } from "../wire.ts";
import { type Change, type Look, textOf } from "./change.ts";

/** An invoice can have several payments, in a list of their own. Before, both sides named each other. */
export const invoicePayments: Change = {
  since: "2025-03-31",
  answers: {
    charge: (charge, look) => {
      charge.invoice = invoiceOf(textOf(charge.payment_intent), look);
    },
    invoice: (invoice, look) => {
      const intent = look.find("payment_intent", intentOf(invoice, look));
      invoice.payment_intent = intent?.id ?? null;
      invoice.charge = intent?.latest_charge ?? null;
      invoice.paid = invoice.status === "paid";
      invoice.paid_out_of_band = invoice.status === "paid" && !intent && Number(invoice.amount_paid) > 0;
    },
    payment_intent: (intent, look) => {
      intent.invoice = invoiceOf(textOf(intent.id), look);
    },
  },
  expandable: { charge: ["invoice"], invoice: ["charge", "payment_intent"], payment_intent: ["invoice"] },
};

/** A draft has no payment yet, though by the time somebody hears of it there may be one. */
function intentOf(invoice: Json, look: Look): string {
  if (invoice.status === "draft") return "";
  const ofInvoice = { field: "invoice", is: "=", value: textOf(invoice.id) } as const;
  const [link] = look.list("invoice_payment", [ofInvoice], { limit: 1 }).data;
  return link?.payment.payment_intent ?? "";
}

function invoiceOf(intent: string, look: Look): string | null {
  if (intent === "") return null;
  const ofIntent = { field: "payment.payment_intent", is: "=", value: intent } as const;
  const [link] = look.list("invoice_payment", [ofIntent], { limit: 1 }).data;
  return link?.invoice ?? null;
}
