import type { Act } from "../act.ts";
import { longId, randomText } from "../ids.ts";
import type { Store } from "../store.ts";
import { taxed } from "../tax/on-invoice.ts";
import { ratesAt } from "../tax/rates.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { asCredit, discounted } from "./discounts.ts";
import { type InvoiceLine, oneTimeLine, periodLines } from "./lines.ts";

type Invoice = Kinds["invoice"];
type Subscription = Kinds["subscription"];

/** The first invoice of a subscription that Checkout started, as a draft. `openInvoice` and `payInvoice` follow. */
export function draftInvoice(
  act: Act,
  given: {
    customer: Kinds["customer"];
    lineRates: Record<string, string[]>;
    lines: readonly LineItem[];
    subscription: Subscription;
  },
): Invoice {
  const { customer, subscription } = given;
  const draft = blankInvoice(act, customer, {
    billing_reason: "subscription_create",
    currency: subscription.currency,
    discounts: subscription.discounts,
    parent: parentOf(subscription),
    ...taxationOf(subscription),
  });
  const items = [...subscription.items.data];
  // In the order of the page, so that discounts are spread, and taxes rounded, as they were shown there.
  const lines = given.lines.flatMap((line) => {
    if (line.price?.type === "one_time") {
      return oneTimeLine(act, draft.id, line, subscription, ratesAt(act, given.lineRates[line.id]));
    }
    const item = items.shift();
    return item ? periodLines(act.store, draft.id, subscription, [item]) : [];
  });
  // What was paid on the page has been settled there: a customer's balance is left alone.
  return totalled(act.store, draft, lines, 0);
}

export function parentOf(subscription: Subscription): Invoice["parent"] {
  return {
    quote_details: null,
    subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
    type: "subscription_details",
  };
}

/** How a subscription's invoices are taxed. */
export function taxationOf(subscription: Subscription): Partial<Invoice> {
  const { enabled } = subscription.automatic_tax;
  return {
    automatic_tax: { disabled_reason: null, liability: null, provider: null, status: null, enabled },
    default_tax_rates: subscription.default_tax_rates ?? [],
  };
}

/** Nothing is owed before there are lines. */
const NO_SUMS = {
  amount_due: 0,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_remaining: 0,
  amount_shipping: 0,
  ending_balance: null,
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  shipping_cost: null,
  starting_balance: 0,
  subtotal: 0,
  subtotal_excluding_tax: 0,
  total: 0,
  total_discount_amounts: [],
  total_excluding_tax: 0,
  total_pretax_credit_amounts: [],
  total_taxes: [],
} satisfies Partial<Invoice>;

/** What is printed on it, before anybody said so. */
const UNPRINTED = {
  account_tax_ids: null,
  custom_fields: null,
  description: null,
  footer: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  number: null,
  receipt_number: null,
  rendering: null,
  shipping_details: null,
  statement_descriptor: null,
} satisfies Partial<Invoice>;

/** Nobody was asked for the money yet. */
const UNCOLLECTED = {
  attempt_count: 0,
  attempted: false,
  auto_advance: false,
  automatically_finalizes_at: null,
  collection_method: "charge_automatically",
  default_payment_method: null,
  default_source: null,
  due_date: null,
  effective_at: null,
  last_finalization_error: null,
  next_payment_attempt: null,
  payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
  status: "draft",
  status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  webhooks_delivered_at: null,
} satisfies Partial<Invoice>;

/** An invoice without lines, as a draft. `totalled` gives it some. */
export function blankInvoice(
  act: Act,
  customer: Kinds["customer"],
  fields: Partial<Invoice> & Pick<Invoice, "billing_reason" | "currency">,
): Invoice {
  const id = longId("in");
  return {
    id,
    object: "invoice",
    ...NO_SUMS,
    ...UNPRINTED,
    ...UNCOLLECTED,
    ...addressed(act, customer),
    account_country: "US",
    account_name: "Sandbox shop",
    application: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    created: act.now,
    default_tax_rates: [],
    discounts: [],
    from_invoice: null,
    issuer: { type: "self" },
    latest_revision: null,
    lines: { object: "list", data: [], has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    parent: null,
    period_end: act.now,
    period_start: act.now,
    test_clock: customer.test_clock ?? null,
    ...fields,
  };
}

/** Who it is for, as they are now. */
const addressed = (act: Act, customer: Kinds["customer"]) => ({
  customer: customer.id,
  customer_account: null,
  customer_address: customer.address ?? null,
  customer_email: customer.email,
  customer_name: customer.name ?? null,
  customer_phone: customer.phone ?? null,
  customer_shipping: customer.shipping ?? null,
  customer_tax_exempt: customer.tax_exempt ?? "none",
  customer_tax_ids: taxIdsOf(act.store, customer.id),
});

/** The invoice with these lines, and what they add up to. A balance below nothing is the customer's credit. */
export function totalled(
  store: Store,
  invoice: Invoice,
  given: readonly InvoiceLine[],
  balance: number,
): Invoice {
  const { lines: off, totals } = discounted(store, invoice.discounts, given);
  const tax = taxed(store, invoice, off);
  const { lines } = tax;
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0);
  const shipping = invoice.shipping_cost?.amount_subtotal ?? 0;
  const total = subtotal - totals.reduce((sum, { amount }) => sum + amount, 0) + shipping + tax.added;
  const due = Math.max(0, total > 0 ? total + balance : 0);
  return {
    ...invoice,
    amount_due: due,
    amount_remaining: due,
    amount_shipping: shipping,
    automatic_tax: tax.automatic_tax,
    lines: { ...invoice.lines, data: lines },
    shipping_cost: tax.shipping_cost,
    starting_balance: balance,
    subtotal,
    subtotal_excluding_tax: subtotal - tax.within,
    total,
    total_discount_amounts: totals,
    total_pretax_credit_amounts: totals.map(asCredit),
    total_excluding_tax: total - tax.sum,
    total_taxes: tax.total_taxes,
  };
}

function taxIdsOf(store: Store, customer: string): Invoice["customer_tax_ids"] {
  const ids = store.list("tax_id", [{ field: "customer", is: "=", value: customer }], { limit: 5 }).data;
  return ids.map(({ type, value }) => ({ type, value })).reverse();
}

/** Gives the invoice its number and pages: from here on it is owed. */
export function openInvoice(act: Act, invoice: Invoice, customer: Kinds["customer"]): Invoice {
  const sequence = customer.next_invoice_sequence ?? 1;
  return act.change(invoice, {
    effective_at: invoice.effective_at ?? act.now,
    ending_balance: 0,
    hosted_invoice_url: `${act.origin}/invoices/${invoice.id}`,
    invoice_pdf: `${act.origin}/invoices/${invoice.id}/pdf`,
    number: invoice.number ?? `${customer.invoice_prefix ?? "SANDBOX"}-${String(sequence).padStart(4, "0")}`,
    status: "open",
    status_transitions: { ...invoice.status_transitions, finalized_at: act.now },
  });
}

export function payInvoice(act: Act, invoice: Invoice): Invoice {
  return act.change(invoice, {
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempt_count: invoice.amount_due > 0 ? 1 : 0,
    attempted: true,
    status: "paid",
    status_transitions: { ...invoice.status_transitions, paid_at: act.now },
  });
}

/** The link between an invoice and the payment that settled it; since 2025 neither names the other. */
export function recordInvoicePayment(act: Act, invoice: Invoice, intent: string): Kinds["invoice_payment"] {
  return act.create<Kinds["invoice_payment"]>({
    id: `inpay_1${randomText(23)}`,
    object: "invoice_payment",
    amount_paid: invoice.amount_paid,
    amount_requested: invoice.amount_due,
    created: act.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent, type: "payment_intent" },
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: act.now },
  });
}
