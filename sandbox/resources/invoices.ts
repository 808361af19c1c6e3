import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { noSuch } from "../api/errors.ts";
import { equals, listOf, pageOf, within } from "../api/lists.ts";
import { hash, ignored, oneOf, paging, range, text } from "../api/params.ts";
import type { Kinds } from "../wire.ts";

function invoiceAt(act: Act, id = ""): Kinds["invoice"] {
  const invoice = act.store.find("invoice", id);
  if (!invoice) throw noSuch("invoice", id, "invoice", 404);
  return invoice;
}

export const invoices = [
  endpoint({
    method: "GET",
    path: "/v1/invoices",
    params: hash({
      ...paging,
      collection_method: text().optional(),
      created: range().optional(),
      customer: text().optional(),
      customer_account: ignored(),
      due_date: ignored(),
      status: oneOf("draft", "open", "paid", "uncollectible", "void").optional(),
      subscription: text().optional(),
    }),
    run: (act, params) =>
      listOf(act, "invoice", "/v1/invoices", params, [
        equals("customer", params.customer),
        equals("collection_method", params.collection_method),
        equals("status", params.status),
        equals("parent.subscription_details.subscription", params.subscription),
        ...within(params.created),
      ]),
  }),
  endpoint({
    method: "GET",
    path: "/v1/invoices/:id",
    params: hash({}),
    run: (act, _, { id }) => invoiceAt(act, id),
  }),
  endpoint({
    method: "GET",
    path: "/v1/invoices/:id/lines",
    params: hash(paging),
    run(act, params, { id }) {
      const invoice = invoiceAt(act, id);
      return pageOf(invoice.lines.data, `/v1/invoices/${invoice.id}/lines`, params);
    },
  }),
];
