import type { Act } from "../act.ts";
import { defaultMethod } from "../billing/attempt.ts";
import { startSubscription } from "../billing/create.ts";
import { discountsFor } from "../billing/discounts.ts";
import { offeredNames, redeemOffered } from "../billing/grant-discount.ts";
import { checkCurrency } from "../billing/one-currency.ts";
import { NO_SETTINGS, type Sold } from "../billing/subscription.ts";
import { invoiceSettingsOf } from "../billing/subscription-fields.ts";
import { priceIn } from "../catalog/currencies.ts";
import { create as createSchedule } from "../schedules/make.ts";
import { subscriptionTax } from "../tax/fields.ts";
import { ratesAt } from "../tax/rates.ts";
import type { Kinds } from "../wire.ts";
import { isRecurring, type QuoteLine } from "./lines.ts";
import { billOf, keptOf, type Quote } from "./totals.ts";

type Customer = Kinds["customer"];
type Made = Partial<Pick<Quote, "invoice" | "subscription" | "subscription_schedule">>;

const DAY = 86_400;

/** What an accepted quote becomes: an invoice, a subscription if anything recurs, or a schedule if that begins later. */
export function carryOut(act: Act, quote: Quote, customer: Customer): Made {
  const { lines } = keptOf(act.store, quote.id);
  const { effective_date: begins } = quote.subscription_data;
  if (!lines.some(isRecurring)) return { invoice: invoiceFor(act, quote, customer, lines).id };
  checkCurrency(act, customer, quote.currency ?? "usd");
  if (begins !== null && begins > act.now) {
    return { subscription_schedule: scheduleFor(act, quote, customer, lines, begins) };
  }
  const subscription = subscriptionFor(act, quote, customer, lines);
  return { invoice: subscription.latest_invoice, subscription: subscription.id };
}

/** A draft that waits for whoever sells: it doesn't advance by itself. */
function invoiceFor(
  act: Act,
  quote: Quote,
  customer: Customer,
  lines: readonly QuoteLine[],
): Kinds["invoice"] {
  const { custom_fields, description, footer } = quote.invoice_settings;
  const due = dueOf(quote);
  const redeemed = redeemOffered(act, quote.discounts, customer.id);
  const bill = billOf(act, quote, customer, {
    balance: customer.balance,
    discounts: discountsFor(act, customer, null, redeemed.length > 0 ? redeemed : undefined),
    fields: {
      collection_method: quote.collection_method,
      custom_fields,
      description,
      due_date: due === null ? null : act.now + due * DAY,
      footer,
      parent: { quote_details: { quote: quote.id }, subscription_details: null, type: "quote_details" },
    },
    lines: lines.map((line) => ({ ...line, discounts: redeemOffered(act, line.discounts, customer.id) })),
  });
  return act.create(bill, "invoice.created");
}

const dueOf = ({ collection_method: method, invoice_settings: settings }: Quote): number | null =>
  method === "send_invoice" ? (settings.days_until_due ?? 0) : null;

function subscriptionFor(
  act: Act,
  quote: Quote,
  customer: Customer,
  lines: readonly QuoteLine[],
): Kinds["subscription"] {
  const { subscription_data: data } = quote;
  const { custom_fields, description, footer } = quote.invoice_settings;
  const soldIn = (some: readonly QuoteLine[]): Sold[] => some.flatMap((line) => soldOf(act, customer, line));
  return startSubscription(act, {
    // Whoever accepts isn't asked for a card: without a way to pay, the first invoice is left open.
    behavior: defaultMethod(act, customer, undefined) ? "allow_incomplete" : "default_incomplete",
    currency: quote.currency ?? "usd",
    customer,
    extras: soldIn(lines.filter((line) => !isRecurring(line))),
    fields: {
      ...subscriptionTax(act, customer, { automatic_tax: { enabled: quote.automatic_tax.enabled } }),
      invoice_settings: invoiceSettingsOf(NO_SETTINGS.invoice_settings, {
        custom_fields: custom_fields ?? undefined,
        description: description ?? undefined,
        footer: footer ?? undefined,
      }),
      billing_mode: modeOf(act, quote),
      collection_method: quote.collection_method,
      days_until_due: dueOf(quote),
      default_tax_rates: ratesAt(act, quote.default_tax_rates),
      description: data.description,
      discounts: redeemOffered(act, quote.discounts, customer.id),
      metadata: data.metadata ?? {},
    },
    items: soldIn(lines.filter(isRecurring)),
    missingMethod: "create_invoice",
    proration: "create_prorations",
    trialEnd: data.trial_period_days === null ? null : act.now + data.trial_period_days * DAY,
  });
}

const modeOf = (act: Act, { subscription_data: { billing_mode: mode } }: Quote) => ({
  flexible: mode.flexible ?? null,
  type: mode.type,
  ...(mode.type === "flexible" && { updated_at: act.now }),
});

function soldOf(act: Act, customer: Customer, { discounts, item, rates }: QuoteLine): Sold[] {
  if (!item.price) return [];
  return [
    {
      discounts: redeemOffered(act, discounts, customer.id),
      metadata: {},
      price: priceIn(act.store, item.price, item.currency),
      quantity: item.quantity ?? 1,
      taxRates: ratesAt(act, rates),
    },
  ];
}

/** The subscription begins on its day, with one phase. Nothing is redeemed before. */
function scheduleFor(
  act: Act,
  quote: Quote,
  customer: Customer,
  lines: readonly QuoteLine[],
  begins: number,
): string {
  const { subscription_data: data, invoice_settings: bill } = quote;
  const item = ({ discounts, item: { price, quantity }, rates }: QuoteLine) => ({
    discounts: offeredNames(act, discounts),
    price: lastingPrice(act, price),
    quantity: quantity ?? undefined,
    tax_rates: rates,
  });
  const { id } = createSchedule(act, {
    billing_mode: {
      type: data.billing_mode.type === "classic" ? "classic" : "flexible",
    },
    customer: customer.id,
    default_settings: {
      automatic_tax: { enabled: quote.automatic_tax.enabled },
      collection_method: quote.collection_method === "send_invoice" ? "send_invoice" : "charge_automatically",
      description: data.description ?? undefined,
      invoice_settings: {
        custom_fields: bill.custom_fields ?? undefined,
        days_until_due: bill.days_until_due ?? undefined,
        description: bill.description ?? undefined,
        footer: bill.footer ?? undefined,
      },
    },
    phases: [
      {
        add_invoice_items: lines.filter((line) => !isRecurring(line)).map(item),
        currency: quote.currency ?? undefined,
        default_tax_rates: quote.default_tax_rates ?? [],
        discounts: offeredNames(act, quote.discounts),
        items: lines.filter(isRecurring).map(item),
        metadata: data.metadata ?? {},
        ...(data.trial_period_days !== null && { trial_end: begins + data.trial_period_days * DAY }),
      },
    ],
    start_date: begins,
  });
  return id;
}

/** A price that was made in passing is sold again when the phase begins. */
function lastingPrice(act: Act, price: Kinds["price"] | null): string | undefined {
  const known = price && act.store.find("price", price.id);
  if (known && !known.active) act.change(known, { active: true });
  return price?.id;
}
