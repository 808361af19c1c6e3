import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, refused } from "../api/errors.ts";
import { boolean, hash, ignored, off, text } from "../api/params.ts";
import { checkType, methodOf } from "../billing/attempt.ts";
import { collect, finalize, settle } from "../billing/collect.ts";
import { NO_METHOD, paymentRefusal } from "../billing/create.ts";
import { markUncollectible, voidInvoice } from "../billing/renew.ts";
import { customerOf } from "../billing/subscription.ts";
import { ownMethodFor } from "../payment-methods/method.ts";
import { sourceAt } from "../payment-methods/source.ts";
import { requireLocation } from "../tax/fields.ts";
import type { Kinds } from "../wire.ts";
import { invoiceAt } from "./invoice-fields.ts";

/** The method or the source that was named, of which there may be one. */
function givenTo(
  act: Act,
  open: Kinds["invoice"],
  { payment_method: method, source }: { payment_method?: string | undefined; source?: string | undefined },
) {
  if (method && source) {
    throw invalid("You may only specify one of these parameters: payment_method, source.", "source");
  }
  if (source) return sourceAt(act, customerOf(act, open), source);
  return method ? ownMethodFor(act, method, open.customer, "payment_method") : undefined;
}

/** What moves an invoice on: from draft to open, and from open to its end. */
export const invoiceSteps = [
  endpoint({
    method: "POST",
    path: "/v1/invoices/:id/finalize",
    params: hash({ auto_advance: boolean().optional() }),
    run(given, params, { id }) {
      const { act, invoice } = invoiceAt(given, id);
      if (invoice.status !== "draft") {
        throw refused("This invoice is already finalized, you can't re-finalize a non-draft invoice.");
      }
      if (invoice.lines.data.length === 0 && invoice.billing_reason === "manual" && invoice.total < 0) {
        throw refused("Nothing to invoice.", { code: "invoice_no_customer_line_items" });
      }
      requireLocation(act, invoice);
      const advances = params.auto_advance ?? invoice.auto_advance ?? false;
      const open = finalize(act, { ...invoice, auto_advance: advances });
      act.emit("invoice.finalized", open);
      if (open.amount_due === 0) return settle(act, open, { tries: 0 });
      if (!advances) return open;
      if (open.collection_method === "send_invoice") {
        act.emit("invoice.sent", open);
        return open;
      }
      return methodOf(act, open) ? collect(act, open).invoice : open;
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/invoices/:id/pay",
    params: hash({
      // It is for sources that are funded beforehand with too little, of which there are none.
      forgive: off().optional(),
      mandate: ignored("no_mandates"),
      off_session: ignored("always_off_session"),
      paid_out_of_band: boolean().optional(),
      payment_method: text().optional(),
      source: text().optional(),
    }),
    run(given, params, { id }) {
      const { act, invoice } = invoiceAt(given, id);
      if (invoice.status === "paid")
        throw refused("Invoice is already paid", { code: "invoice_already_paid" });
      if (invoice.status === "void") throw refused("This invoice is voided and can't be paid.");
      const draft = invoice.status === "draft";
      if (draft) requireLocation(act, invoice);
      const open = draft ? finalize(act, invoice) : invoice;
      if (params.paid_out_of_band) {
        if (draft) act.emit("invoice.finalized", open);
        return settle(act, open, { tries: 0 });
      }
      const named = givenTo(act, open, params);
      if (named) checkType(open, named);
      const method = named ?? methodOf(act, open);
      if (!method && open.amount_due > 0) throw refused(NO_METHOD, { code: "resource_missing" });
      if (draft) act.emit("invoice.finalized", open);
      const { invoice: result, tried } = collect(act, open, method);
      if (result.status === "paid") return result;
      // What was tried is kept: a decline is part of the invoice's history.
      return { failure: paymentRefusal(tried) };
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/invoices/:id/send",
    params: hash({}),
    run(given, _, { id }) {
      const { act, invoice } = invoiceAt(given, id);
      if (invoice.collection_method !== "send_invoice") {
        throw refused("You can only manually send an invoice if its collection method is 'send_invoice'.");
      }
      if (invoice.status !== "draft" && invoice.status !== "open") {
        throw refused(`An invoice with the status \`${invoice.status}\` can't be sent.`);
      }
      if (invoice.status === "draft") requireLocation(act, invoice);
      const open = invoice.status === "draft" ? finalize(act, invoice) : invoice;
      if (invoice.status === "draft") act.emit("invoice.finalized", open);
      act.emit("invoice.sent", open);
      return open;
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/invoices/:id/void",
    params: hash({}),
    run(given, _, { id }) {
      const { act, invoice } = invoiceAt(given, id);
      if (invoice.status !== "open" && invoice.status !== "uncollectible") {
        throw refused(
          `You can only pass in open or uncollectible invoices. This invoice isn't: its status is ${invoice.status}.`,
        );
      }
      return voidInvoice(act, invoice);
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/invoices/:id/mark_uncollectible",
    params: hash({}),
    run(given, _, { id }) {
      const { act, invoice } = invoiceAt(given, id);
      if (invoice.status !== "open") {
        throw refused(
          `You can only mark open invoices as uncollectible. This one's status is ${invoice.status}.`,
        );
      }
      return markUncollectible(act, invoice);
    },
  }),
];
