import { endpoint } from "../api/endpoint.ts";
import { refused } from "../api/errors.ts";
import { hash, oneOf } from "../api/params.ts";
import { createdWithin, is, isWithin, leavesNothing, listRoute, retrieveRoute } from "../api/read-routes.ts";
import { attachPayment } from "./invoice-attach.ts";
import { createInvoice } from "./invoice-create.ts";
import { invoiceAt } from "./invoice-fields.ts";
import { createPreview } from "./invoice-preview.ts";
import { invoiceSteps } from "./invoice-steps.ts";
import { updateInvoice } from "./invoice-update.ts";
import { searchOf, searchParams } from "./search.ts";

export const invoices = [
  createInvoice,
  createPreview,
  listRoute({
    kind: "invoice",
    path: "/v1/invoices",
    onTestClocksBy: ["customer", "subscription"],
    by: {
      collection_method: is("collection_method"),
      created: createdWithin(),
      customer: is("customer"),
      customer_account: leavesNothing(),
      due_date: isWithin("due_date"),
      status: is("status", oneOf("draft", "open", "paid", "uncollectible", "void")),
      subscription: is("parent.subscription_details.subscription"),
    },
  }),
  endpoint({
    method: "GET",
    path: "/v1/invoices/search",
    params: searchParams(),
    run: (act, params) =>
      searchOf(act, "invoice", "/v1/invoices/search", params, {
        subscription: "parent.subscription_details.subscription",
      }),
  }),
  retrieveRoute("/v1/invoices/:id", (act, id) => invoiceAt(act, id).invoice),
  updateInvoice,
  endpoint({
    method: "DELETE",
    path: "/v1/invoices/:id",
    params: hash({}),
    run(given, _, { id }) {
      const { act, invoice } = invoiceAt(given, id);
      if (invoice.status !== "draft" || invoice.parent?.subscription_details) {
        throw refused("You can only delete draft invoices that don't belong to a subscription.");
      }
      act.store.delete(invoice.id);
      for (const item of act.store.list("invoiceitem", [{ field: "invoice", is: "=", value: invoice.id }], {
        limit: 250,
      }).data) {
        act.store.delete(item.id);
      }
      act.emit("invoice.deleted", invoice);
      return { id: invoice.id, object: invoice.object, deleted: true };
    },
  }),
  attachPayment,
  ...invoiceSteps,
];
