import { cleared, mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { refused } from "../api/errors.ts";
import { hash } from "../api/params.ts";
import { totalled } from "../billing/invoice.ts";
import { methodFor } from "../billing/params.ts";
import { defaultSourceFor } from "../payment-methods/source.ts";
import { invoiceTax } from "../tax/fields.ts";
import type { Kinds } from "../wire.ts";
import { customerAt } from "./customers.ts";
import {
  advancing,
  checkDue,
  DAY,
  discountsOf,
  fields,
  invoiceAt,
  printedOf,
  shippingCostOf,
} from "./invoice-fields.ts";

type Invoice = Kinds["invoice"];

export const updateInvoice = endpoint({
  method: "POST",
  path: "/v1/invoices/:id",
  params: hash(fields),
  run(given, params, { id }) {
    const { act, invoice } = invoiceAt(given, id);
    const { metadata: pairs, default_payment_method: method, auto_advance: advances, ...others } = params;
    if (invoice.status !== "draft" && Object.values(others).some((value) => value !== undefined)) {
      throw refused("Finalized invoices can't be updated in this way.", { code: "invoice_not_editable" });
    }
    checkDue(params.collection_method ?? invoice.collection_method, params);
    const customer = customerAt(act, invoice.customer ?? "");
    const discounts =
      params.discounts === undefined ? invoice.discounts : discountsOf(act, params.discounts, customer.id);
    const changed: Invoice = {
      ...invoice,
      ...invoiceTax(act, params),
      ...printedOf(invoice, params),
      auto_advance: advances ?? invoice.auto_advance ?? false,
      collection_method: params.collection_method ?? invoice.collection_method,
      default_payment_method: cleared(
        methodFor(act, method, customer.id, "default_payment_method"),
        invoice.default_payment_method,
      ),
      default_source: cleared(
        defaultSourceFor(act, params.default_source, customer.id),
        invoice.default_source,
      ),
      description: cleared(params.description, invoice.description),
      discounts,
      due_date:
        params.due_date ??
        (params.days_until_due === undefined ? invoice.due_date : act.now + params.days_until_due * DAY),
      footer: cleared(params.footer, invoice.footer),
      metadata: mergeMetadata(invoice.metadata, pairs),
      number: cleared(params.number, invoice.number),
      ...(params.shipping_cost !== undefined && {
        shipping_cost: shippingCostOf(act, params.shipping_cost, invoice.currency),
      }),
      statement_descriptor: cleared(params.statement_descriptor, invoice.statement_descriptor),
    };
    const next =
      invoice.status === "draft"
        ? totalled(act.store, changed, invoice.lines.data, customer.balance)
        : changed;
    const moment = params.automatically_finalizes_at;
    const begins = advances === true && !invoice.auto_advance;
    const waits = invoice.status === "draft" && (begins || moment !== undefined);
    return act.change(invoice, waits ? advancing(act, next, moment) : next, "invoice.updated");
  },
});
