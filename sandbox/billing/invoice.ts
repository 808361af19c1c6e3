import type { Act } from "../act.ts";
import { longId, randomText } from "../ids.ts";
import { formatMoney } from "../money.ts";
import type { Kinds, LineItem } from "../wire.ts";

type Invoice = Kinds["invoice"];
type InvoiceLine = Invoice["lines"]["data"][number];
type Subscription = Kinds["subscription"];
type SubscriptionItem = Subscription["items"]["data"][number];

/** The first invoice of a subscription that Checkout started, as a draft. `openInvoice` and `payInvoice` follow. */
export function draftInvoice(
  act: Act,
  given: { customer: Kinds["customer"]; lines: readonly LineItem[]; subscription: Subscription },
): Invoice {
  const { customer, subscription } = given;
  const id = longId("in");
  const lines = [
    ...subscription.items.data.map((item) => recurringLine(id, subscription, item)),
    ...given.lines
      .filter(({ price }) => price?.type === "one_time")
      .map((line) => oneTimeLine(act, id, line, subscription)),
  ];
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  return {
    id,
    object: "invoice",
    account_country: "US",
    account_name: "Sandbox shop",
    account_tax_ids: null,
    amount_due: total,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: total,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: "subscription_create",
    collection_method: "charge_automatically",
    created: act.now,
    currency: subscription.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: { object: "list", data: lines, has_more: false, url: `/v1/invoices/${id}/lines` },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: "subscription_details",
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: act.now,
    period_start: act.now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: total,
    subtotal_excluding_tax: total,
    test_clock: null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
  };
}

/** Gives the invoice its number and pages: from here on it is owed. */
export function openInvoice(act: Act, invoice: Invoice, customer: Kinds["customer"]): Invoice {
  const sequence = customer.next_invoice_sequence ?? 1;
  return act.change(invoice, {
    effective_at: act.now,
    ending_balance: 0,
    hosted_invoice_url: `${act.origin}/invoices/${invoice.id}`,
    number: `${customer.invoice_prefix ?? "SANDBOX"}-${String(sequence).padStart(4, "0")}`,
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

function recurringLine(invoice: string, subscription: Subscription, item: SubscriptionItem): InvoiceLine {
  const { price } = item;
  const quantity = item.quantity ?? 1;
  const trial = subscription.status === "trialing";
  const product = price.nickname ?? price.product;
  const every = price.recurring ? ` / ${price.recurring.interval}` : "";
  const unit = formatMoney(price.unit_amount ?? 0, price.currency);
  const amount = trial ? 0 : Math.round(Number(price.unit_amount_decimal ?? 0) * quantity);
  return {
    ...line(invoice, amount, price, quantity),
    description: trial ? `Trial period for ${product}` : `${quantity} × ${product} (at ${unit}${every})`,
    metadata: subscription.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: subscription.id,
        subscription_item: item.id,
      },
      type: "subscription_item_details",
    },
    period: { end: item.current_period_end, start: item.current_period_start },
    subscription: subscription.id,
  };
}

function oneTimeLine(act: Act, invoice: string, sold: LineItem, subscription: Subscription): InvoiceLine {
  return {
    ...line(invoice, sold.amount_total, sold.price, sold.quantity ?? 1),
    description: sold.description,
    parent: {
      invoice_item_details: {
        invoice_item: longId("ii"),
        proration: false,
        proration_details: null,
        subscription: subscription.id,
      },
      subscription_item_details: null,
      type: "invoice_item_details",
    },
    period: { end: act.now, start: act.now },
    subscription: subscription.id,
  };
}

function line(invoice: string, amount: number, price: LineItem["price"], quantity: number) {
  return {
    id: longId("il"),
    object: "line_item" as const,
    amount,
    currency: price?.currency ?? "usd",
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice,
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    pricing: price
      ? {
          price_details: { price: price.id, product: price.product },
          type: "price_details" as const,
          unit_amount_decimal: price.unit_amount_decimal,
        }
      : null,
    quantity,
    quantity_decimal: String(quantity),
    subtotal: amount,
    taxes: [],
  };
}
