import { mergeMetadata } from "../api/changes.ts";
import { endpoint } from "../api/endpoint.ts";
import { missing, noSuch } from "../api/errors.ts";
import { currency, hash, notBuilt, oneOf, text } from "../api/params.ts";
import { discountsFor } from "../billing/discounts.ts";
import { pendingItems, pendingOf } from "../billing/draft.ts";
import { blankInvoice, parentOf, taxationOf, totalled } from "../billing/invoice.ts";
import { itemLine } from "../billing/lines.ts";
import { inTimeOf } from "../billing/own-time.ts";
import { methodFor } from "../billing/params.ts";
import { defaultSourceFor } from "../payment-methods/source.ts";
import { invoiceTax } from "../tax/fields.ts";
import { customerAt } from "./customers.ts";
import {
  advancing,
  checkDue,
  DAY,
  discountsOf,
  fields,
  printedOf,
  shippingCostOf,
} from "./invoice-fields.ts";

export const createInvoice = endpoint({
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
    checkDue(params.collection_method, params);
    if (sent && params.days_until_due === undefined && params.due_date === undefined) {
      throw missing("days_until_due");
    }
    const money = subscription?.currency ?? params.currency ?? customer.currency ?? "usd";
    const discounts =
      params.discounts === undefined ? undefined : discountsOf(act, params.discounts, customer.id);
    const plain = blankInvoice(act, customer, {
      ...(subscription && taxationOf(subscription)),
      ...invoiceTax(act, params),
      auto_advance: params.auto_advance ?? false,
      billing_reason: "manual",
      collection_method: params.collection_method ?? "charge_automatically",
      currency: money,
      default_payment_method:
        methodFor(act, params.default_payment_method, customer.id, "default_payment_method") ?? null,
      default_source: defaultSourceFor(act, params.default_source, customer.id) ?? null,
      description: params.description ?? null,
      discounts: discountsFor(act, customer, subscription ?? null, discounts),
      due_date: sent ? (params.due_date ?? act.now + (params.days_until_due ?? 0) * DAY) : null,
      footer: params.footer ?? null,
      metadata: mergeMetadata(null, params.metadata),
      number: params.number ?? null,
      parent: subscription ? parentOf(subscription) : null,
      shipping_cost: shippingCostOf(act, params.shipping_cost ?? "", money),
      statement_descriptor: params.statement_descriptor ?? null,
    });
    const blank = { ...plain, ...printedOf(plain, params) };
    const items = subscription
      ? pendingItems(act, subscription)
      : params.pending_invoice_items_behavior === "include"
        ? pendingOf(act, customer.id, money).filter(({ parent }) => parent === null)
        : [];
    const lines = items.map((item) => itemLine(act.store, blank.id, item));
    const draft = act.create(
      advancing(act, totalled(act.store, blank, lines, customer.balance), params.automatically_finalizes_at),
      "invoice.created",
    );
    for (const item of items) act.change(item, { invoice: draft.id });
    return draft;
  },
});
