import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { equals, listOf, within } from "../api/lists.ts";
import { hash, ignored, oneOf, paging, range, text } from "../api/params.ts";

/** Seconds after the payment the link is told of. */
export function announceInvoicePayment(act: Act, id: string): void {
  const payment = act.store.find("invoice_payment", id);
  if (payment) act.emit("invoice_payment.paid", payment);
}

export const invoicePayments = [
  endpoint({
    method: "GET",
    path: "/v1/invoice_payments",
    params: hash({
      ...paging,
      created: range().optional(),
      invoice: text().optional(),
      payment: hash({
        payment_intent: text().optional(),
        payment_record: ignored(),
        type: oneOf("payment_intent", "payment_record"),
      }).optional(),
      status: oneOf("canceled", "open", "paid").optional(),
    }),
    run: (act, params) =>
      listOf(act, "invoice_payment", "/v1/invoice_payments", params, [
        equals("invoice", params.invoice),
        equals("payment.payment_intent", params.payment?.payment_intent),
        equals("status", params.status),
        ...within(params.created),
      ]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/invoice_payments/:id",
    params: hash({}),
    run(act, _, { id = "" }) {
      const payment = act.store.find("invoice_payment", id);
      if (!payment) throw noSuch("invoice_payment", id, "id", 404);
      return payment;
    },
  }),
];
