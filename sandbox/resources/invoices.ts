import type { Act } from "../act.ts";
import { endpoint } from "../api/endpoint.ts";
import { invalid, missing, noSuch, refused } from "../api/errors.ts";
import {
  boolean,
  clearable,
  currency,
  hash,
  ignored,
  integer,
  list,
  metadata,
  notBuilt,
  oneOf,
  text,
  timestamp,
} from "../api/params.ts";
import { createdWithin, is, listRoute, narrowsNothing, retrieveRoute } from "../api/read-routes.ts";
import { stored } from "../api/stored.ts";
import { methodOf } from "../billing/attempt.ts";
import { collect, finalize, settle } from "../billing/collect.ts";
import { NO_METHOD, paymentRefusal } from "../billing/create.ts";
import { discountsFor } from "../billing/discounts.ts";
import { pendingItems, pendingOf } from "../billing/draft.ts";
import { discountParams, grantDiscounts } from "../billing/grant-discount.ts";
import { blankInvoice, parentOf, totalled } from "../billing/invoice.ts";
import { itemLine } from "../billing/lines.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { changedItem, methodFor, oncePriceData } from "../billing/params.ts";
import { previewInvoice } from "../billing/preview.ts";
import { markUncollectible, voidInvoice } from "../billing/renew.ts";
import { rulesOf } from "../billing/rules.ts";
import { paymentMethodFor } from "../payments/method.ts";
import type { Kinds } from "../wire.ts";
import { cleared, mergeMetadata } from "./changes.ts";
import { customerAt } from "./customers.ts";

type Invoice = Kinds["invoice"];

const DAY = 86_400;

/** The invoice, and the act at its time. */
export function invoiceAt(given: Act, id?: string): { act: Act; invoice: Invoice } {
  const invoice = stored(given, "invoice", id, { param: "invoice" });
  return { act: inTimeOf(given, invoice), invoice };
}

const fields = {
  account_tax_ids: ignored(),
  application_fee_amount: notBuilt(),
  auto_advance: boolean().optional(),
  automatic_tax: ignored(),
  automatically_finalizes_at: timestamp().optional(),
  collection_method: oneOf("charge_automatically", "send_invoice").optional(),
  custom_fields: ignored(),
  days_until_due: integer({ min: 0 }).optional(),
  default_payment_method: text().optional(),
  default_source: notBuilt(),
  default_tax_rates: ignored(),
  description: text().optional(),
  discounts: clearable(discountParams()).optional(),
  due_date: timestamp().optional(),
  effective_at: ignored(),
  footer: text().optional(),
  issuer: ignored(),
  metadata: metadata().optional(),
  number: text(26).optional(),
  on_behalf_of: notBuilt(),
  payment_settings: ignored(),
  rendering: ignored(),
  shipping_cost: notBuilt(),
  shipping_details: ignored(),
  statement_descriptor: text(22).optional(),
  transfer_data: notBuilt(),
};

export const invoices = [
  endpoint({
    method: "POST",
    path: "/v1/invoices",
    creates: true,
    params: hash({
      ...fields,
      currency: currency().optional(),
      customer: text().optional(),
      customer_account: notBuilt(),
      from_invoice: notBuilt(),
      pending_invoice_items_behavior: oneOf("exclude", "include").optional(),
      subscription: text().optional(),
    }),
    run(given, params) {
      const subscription = params.subscription
        ? given.store.find("subscription", params.subscription)
        : undefined;
      if (params.subscription && !subscription) {
        throw noSuch("subscription", params.subscription, "subscription");
      }
      const customerId = params.customer ?? subscription?.customer;
      if (!customerId) throw missing("customer");
      if (!given.store.find("customer", customerId)) throw noSuch("customer", customerId, "customer");
      const customer = customerAt(given, customerId);
      const act = inTimeOf(given, customer);
      const sent = params.collection_method === "send_invoice";
      if (sent && params.days_until_due === undefined && params.due_date === undefined) {
        throw missing("days_until_due");
      }
      const money = subscription?.currency ?? params.currency ?? customer.currency ?? "usd";
      const discounts =
        params.discounts === undefined ? undefined : discountsOf(act, params.discounts, customer.id);
      const blank = blankInvoice(act, customer, {
        auto_advance: params.auto_advance ?? false,
        billing_reason: "manual",
        collection_method: params.collection_method ?? "charge_automatically",
        currency: money,
        default_payment_method:
          methodFor(act, params.default_payment_method, customer.id, "default_payment_method") ?? null,
        description: params.description ?? null,
        discounts: discountsFor(act, customer, subscription ?? null, discounts),
        due_date: sent ? (params.due_date ?? act.now + (params.days_until_due ?? 0) * DAY) : null,
        footer: params.footer ?? null,
        metadata: mergeMetadata(null, params.metadata),
        number: params.number ?? null,
        parent: subscription ? parentOf(subscription) : null,
        statement_descriptor: params.statement_descriptor ?? null,
      });
      const items = subscription
        ? pendingItems(act, subscription)
        : params.pending_invoice_items_behavior === "include"
          ? pendingOf(act, customer.id, money).filter(({ parent }) => parent === null)
          : [];
      if (subscription && items.length === 0) {
        throw invalid(
          "Nothing to invoice for subscription",
          "subscription",
          "invoice_no_subscription_line_items",
        );
      }
      const lines = items.map((item) => itemLine(act.store, blank.id, item));
      const draft = act.create(
        advancing(act, totalled(act.store, blank, lines, customer.balance)),
        "invoice.created",
      );
      for (const item of items) act.change(item, { invoice: draft.id });
      return draft;
    },
  }),
  endpoint({
    method: "POST",
    path: "/v1/invoices/create_preview",
    params: hash({
      automatic_tax: ignored(),
      currency: currency().optional(),
      customer: text().optional(),
      customer_account: notBuilt(),
      customer_details: ignored(),
      discounts: clearable(discountParams()).optional(),
      invoice_items: list(
        hash({
          amount: integer().optional(),
          currency: currency().optional(),
          description: text().optional(),
          discountable: boolean().optional(),
          invoiceitem: notBuilt(),
          metadata: ignored(),
          period: ignored(),
          price: text().optional(),
          price_data: oncePriceData().optional(),
          quantity: integer({ min: 0 }).optional(),
          tax_behavior: ignored(),
          tax_code: ignored(),
          tax_rates: ignored(),
          unit_amount: integer().optional(),
        }),
      ).optional(),
      issuer: ignored(),
      on_behalf_of: ignored(),
      preview_mode: oneOf("next", "recurring").optional(),
      schedule: notBuilt(),
      schedule_details: notBuilt(),
      subscription: text().optional(),
      subscription_details: hash({
        billing_cycle_anchor: hash({ type: oneOf("now", "unchanged") }).optional(),
        billing_mode: ignored(),
        billing_schedules: notBuilt(),
        cancel_at: text().optional(),
        cancel_at_period_end: boolean().optional(),
        cancel_now: boolean().optional(),
        default_tax_rates: ignored(),
        items: list(changedItem(), { max: 20 }).optional(),
        metadata: ignored(),
        pause: notBuilt(),
        proration_behavior: oneOf("create_prorations", "always_invoice", "none").optional(),
        proration_date: timestamp().optional(),
        resume_at: notBuilt(),
        start_date: notBuilt(),
        trial_end: text().optional(),
      }).optional(),
    }),
    run: (act, params) => previewInvoice(act, params),
  }),
  listRoute({
    kind: "invoice",
    path: "/v1/invoices",
    by: {
      collection_method: is("collection_method"),
      created: createdWithin(),
      customer: is("customer"),
      customer_account: narrowsNothing(),
      due_date: narrowsNothing(),
      status: is("status", oneOf("draft", "open", "paid", "uncollectible", "void")),
      subscription: is("parent.subscription_details.subscription"),
    },
  }),
  retrieveRoute("/v1/invoices/:id", (act, id) => invoiceAt(act, id).invoice),
  endpoint({
    method: "POST",
    path: "/v1/invoices/:id",
    params: hash(fields),
    run(given, params, { id }) {
      const { act, invoice } = invoiceAt(given, id);
      const { metadata: pairs, default_payment_method: method, auto_advance: advances, ...others } = params;
      if (invoice.status !== "draft" && Object.values(others).some((value) => value !== undefined)) {
        throw refused("Finalized invoices can't be updated in this way.", { code: "invoice_not_editable" });
      }
      const customer = customerAt(act, invoice.customer ?? "");
      const discounts =
        params.discounts === undefined ? invoice.discounts : discountsOf(act, params.discounts, customer.id);
      const changed: Invoice = {
        ...invoice,
        auto_advance: advances ?? invoice.auto_advance ?? false,
        collection_method: params.collection_method ?? invoice.collection_method,
        default_payment_method: cleared(
          methodFor(act, method, customer.id, "default_payment_method"),
          invoice.default_payment_method,
        ),
        description: cleared(params.description, invoice.description),
        discounts,
        due_date:
          params.due_date ??
          (params.days_until_due === undefined ? invoice.due_date : act.now + params.days_until_due * DAY),
        footer: cleared(params.footer, invoice.footer),
        metadata: mergeMetadata(invoice.metadata, pairs),
        number: cleared(params.number, invoice.number),
        statement_descriptor: cleared(params.statement_descriptor, invoice.statement_descriptor),
      };
      const next =
        invoice.status === "draft"
          ? totalled(act.store, changed, invoice.lines.data, customer.balance)
          : changed;
      const waits = advances === true && !invoice.auto_advance && invoice.status === "draft";
      return act.change(invoice, waits ? advancing(act, next) : next, "invoice.updated");
    },
  }),
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
      forgive: boolean().optional(),
      mandate: ignored(),
      off_session: ignored(),
      paid_out_of_band: boolean().optional(),
      payment_method: text().optional(),
      source: notBuilt(),
    }),
    run(given, params, { id }) {
      const { act, invoice } = invoiceAt(given, id);
      if (invoice.status === "paid")
        throw refused("Invoice is already paid", { code: "invoice_already_paid" });
      if (invoice.status === "void") throw refused("This invoice is voided and can't be paid.");
      const draft = invoice.status === "draft";
      const open = draft ? finalize(act, invoice) : invoice;
      if (params.paid_out_of_band) {
        if (draft) act.emit("invoice.finalized", open);
        return settle(act, open, { tries: 0 });
      }
      const method = params.payment_method
        ? paymentMethodFor(act, params.payment_method, "payment_method")
        : methodOf(act, open);
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

/** An invoice that advances by itself finalizes after a while. */
function advancing(act: Act, draft: Invoice): Invoice {
  if (!draft.auto_advance) return draft;
  const finalizesAt = act.now + rulesOf(act.store).draft_seconds;
  act.plan(finalizesAt, "invoice.finalize", draft.id);
  const charged = draft.collection_method === "charge_automatically";
  return {
    ...draft,
    automatically_finalizes_at: finalizesAt,
    next_payment_attempt: charged ? act.now + 3_600 : null,
  };
}

function discountsOf(act: Act, given: "" | Parameters<typeof grantDiscounts>[1], customer: string): string[] {
  return given === "" ? [] : grantDiscounts(act, given, customer);
}
