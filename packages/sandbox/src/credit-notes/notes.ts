import type { Act } from "../act.ts";
import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { pageOf } from "../api/lists.ts";
import {
  amount,
  clearable,
  decimal,
  hash,
  ignored,
  integer,
  list,
  metadata,
  notBuilt,
  oneOf,
  oneOfBuilt,
  paging,
  text,
  timestamp,
} from "../api/params.ts";
import { createdWithin, is, leavesNothing, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { clearableTaxRates } from "../tax/rates.ts";
import { buildNote, issueNote, voidNote } from "./note.ts";

const PATH = "/v1/credit_notes";

const asked = {
  amount: amount(1).optional(),
  credit_amount: amount().optional(),
  effective_at: timestamp().optional(),
  email_type: ignored("no_mails"),
  invoice: text(),
  lines: list(
    hash({
      amount: amount().optional(),
      description: text().optional(),
      invoice_line_item: text().optional(),
      metadata: metadata().optional(),
      quantity: integer({ min: 1 }).optional(),
      tax_amounts: clearable(
        list(hash({ amount: amount(), tax_rate: text(), taxable_amount: amount() }), { max: 10 }),
      ).optional(),
      tax_rates: clearableTaxRates(),
      type: oneOf("custom_line_item", "invoice_line_item"),
      unit_amount: integer().optional(),
      unit_amount_decimal: decimal().optional(),
    }),
    { max: 250 },
  ).optional(),
  memo: text(5000).optional(),
  metadata: metadata().optional(),
  out_of_band_amount: amount().optional(),
  reason: oneOf("duplicate", "fraudulent", "order_change", "product_unsatisfactory").optional(),
  refund_amount: amount().optional(),
  refunds: list(
    hash({
      amount_refunded: amount(1).optional(),
      payment_record_refund: notBuilt(),
      refund: text().optional(),
      type: oneOfBuilt(["refund"], ["payment_record_refund"]).optional(),
    }),
  ).optional(),
  shipping_cost: hash({ shipping_rate: text().optional() }).optional(),
};

const noteAt = (act: Act, id?: string) => stored(act, "credit_note", id, { as: "credit note" });

/** The invoice that is credited, and the act at its time. */
function invoiceFor(given: Act, id: string) {
  const invoice = given.store.find("invoice", id);
  if (!invoice) throw noSuch("invoice", id, "invoice");
  return { act: inTimeOf(given, invoice), invoice };
}

export const creditNotes = [
  endpoint({
    method: "POST",
    path: PATH,
    creates: true,
    params: hash(asked),
    run(given, params) {
      const { act, invoice } = invoiceFor(given, params.invoice);
      return issueNote(act, invoice, params);
    },
  }),
  listRoute({
    kind: "credit_note",
    path: PATH,
    by: {
      created: createdWithin(),
      customer: is("customer"),
      customer_account: leavesNothing(),
      invoice: is("invoice"),
    },
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/preview`,
    params: hash(asked),
    run(given, params) {
      const { act, invoice } = invoiceFor(given, params.invoice);
      return buildNote(act, invoice, params);
    },
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/preview/lines`,
    params: hash({ ...asked, ...paging }),
    run(given, params) {
      const { act, invoice } = invoiceFor(given, params.invoice);
      return pageOf(buildNote(act, invoice, params).lines.data, `${PATH}/preview/lines`, params);
    },
  }),
  retrieveRoute(`${PATH}/:id`, noteAt),
  endpoint({
    method: "POST",
    path: `${PATH}/:id`,
    params: hash({ memo: text(5000).optional(), metadata: metadata().optional() }),
    run(act, params, { id }) {
      const note = noteAt(act, id);
      const changes = {
        memo: cleared(params.memo, note.memo),
        metadata: mergeMetadata(note.metadata, params.metadata),
      };
      return act.change(note, changes, "credit_note.updated");
    },
  }),
  endpoint({
    method: "POST",
    path: `${PATH}/:id/void`,
    params: hash({}),
    run: (act, _, { id }) => voidNote(act, noteAt(act, id)),
  }),
  endpoint({
    method: "GET",
    path: `${PATH}/:id/lines`,
    params: hash(paging),
    run(act, params, { id }) {
      const note = noteAt(act, id);
      return pageOf(note.lines.data, `${PATH}/${note.id}/lines`, params);
    },
  }),
];
