import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { ApiError, missing, noSuch } from "../api/errors.ts";
import { priceIn } from "../catalog/currencies.ts";
import { amountOf } from "../catalog/tiers.ts";
import { randomText } from "../ids.ts";
import { taxRatesFor } from "../tax/rates.ts";
import type { Kinds, Metadata } from "../wire.ts";
import { cancelSubscription, changeSubscription } from "./change.ts";
import { draftFor } from "./draft.ts";
import { grantDiscounts } from "./grant-discount.ts";
import { blankInvoice, totalled } from "./invoice.ts";
import { type InvoiceLine, manualLine, periodLines } from "./lines.ts";
import { inTimeOf } from "./own-time.ts";
import { itemChanges, priceOf, soldItems, trialEndOf } from "./params.ts";
import { firstPeriodEnd } from "./period.ts";
import { quantityOf } from "./quantity.ts";
import { nextInvoice } from "./renew.ts";
import { newSubscription, type Subscription } from "./subscription.ts";
import { ending } from "./subscription-fields.ts";

type Invoice = Kinds["invoice"];

interface Asked {
  automatic_tax?: { enabled: boolean } | undefined;
  customer?: string | undefined;
  currency?: string | undefined;
  discounts?: "" | Parameters<typeof grantDiscounts>[1] | undefined;
  invoice_items?:
    | {
        amount?: number | undefined;
        discounts?: "" | Parameters<typeof grantDiscounts>[1] | undefined;
        description?: string | undefined;
        discountable?: boolean | undefined;
        metadata?: Metadata | "" | undefined;
        period?: { end: number; start: number } | undefined;
        price?: string | undefined;
        price_data?: Parameters<typeof priceOf>[1]["price_data"];
        quantity?: number | undefined;
        quantity_decimal?: string | undefined;
        tax_rates?: string[] | "" | undefined;
        unit_amount?: number | undefined;
        unit_amount_decimal?: string | undefined;
      }[]
    | undefined;
  preview_mode?: string | undefined;
  subscription?: string | undefined;
  subscription_details?:
    | {
        billing_cycle_anchor?: { type: string } | undefined;
        cancel_at?: string | undefined;
        cancel_at_period_end?: boolean | undefined;
        cancel_now?: boolean | undefined;
        default_tax_rates?: string[] | "" | undefined;
        metadata?: Metadata | "" | undefined;
        items?: Parameters<typeof itemChanges>[2] | undefined;
        proration_behavior?: string | undefined;
        proration_date?: number | undefined;
        trial_end?: string | undefined;
      }
    | undefined;
}

/** A subscription as it will have become by its next bill; `billed` says that this is its latest invoice. */
export interface Ahead {
  billed: boolean;
  subscription: Subscription;
}

/** What an invoice would be. Everything is really carried out, and then taken back. */
export function previewInvoice(from: Act, asked: Asked, ahead?: Ahead): Invoice {
  return from.store.tried(() => {
    const named = asked.subscription ? from.store.find("subscription", asked.subscription) : undefined;
    const known = ahead?.subscription ?? named;
    if (asked.subscription && !known) throw noSuch("subscription", asked.subscription, "subscription");
    const customerId = known?.customer ?? asked.customer;
    if (!customerId) throw missing("customer");
    const customer = from.store.find("customer", customerId);
    if (!customer) throw noSuch("customer", customerId, "customer");
    const act = inTimeOf(from, customer);
    const billed = ahead?.billed ? latest(act, ahead.subscription) : undefined;
    const draft = billed ?? (known ? ofSubscription(act, known, asked) : ofNothing(act, customer, asked));
    const extras = extraLines(act, draft, asked);
    const discounts = asked.discounts === undefined ? draft.discounts : asked.discounts;
    const ids =
      discounts === ""
        ? []
        : discounts.flatMap((one) =>
            typeof one === "string" ? one : grantDiscounts(act, [one], customer.id),
          );
    const id = `upcoming_in_1${randomText(23)}`;
    const lines = [...extras, ...draft.lines.data];
    // The balance as it is now: what was carried out above has used it already.
    const whole = totalled(
      act.store,
      { ...draft, ...taxOf(act, draft, asked), discounts: ids },
      lines,
      customer.balance,
    );
    return asDraft(whole, id);
  });
}

/** What is to be billed besides. */
function extraLines(act: Act, draft: Invoice, asked: Asked): InvoiceLine[] {
  return (asked.invoice_items ?? []).map((item, index) => {
    const price = priceOf(act, { ...item, plan: undefined }, `invoice_items[${index}]`, "one_time");
    const { exact, ...counted } = quantityOf(item);
    const unit = Number(item.unit_amount_decimal ?? item.unit_amount ?? 0);
    const amount = price ? amountOf(act.store, price, exact) : (item.amount ?? Math.round(unit * exact));
    const { description = null } = item;
    const taxRates = taxRatesFor(act, item.tax_rates, `invoice_items[${index}][tax_rates]`);
    const line = manualLine(act, draft, {
      amount,
      description,
      metadata: mergeMetadata(null, item.metadata),
      price: price ?? null,
      quantity: counted.quantity,
      taxRates,
    });
    const { discountable = line.discountable, discounts, period = line.period } = item;
    const own = grantDiscounts(act, discounts || [], draft.customer ?? "", {
      at: `invoice_items[${index}][discounts]`,
    });
    return { ...line, ...counted, discountable, discounts: own, period };
  });
}

/** As an invoice that nobody has been sent yet. */
function asDraft(whole: Invoice, id: string): Invoice {
  return {
    ...whole,
    id,
    amount_paid: 0,
    attempt_count: 0,
    attempted: false,
    automatically_finalizes_at: null,
    billing_reason: "upcoming",
    lines: { ...whole.lines, data: whole.lines.data.map((line) => ({ ...line, invoice: id })) },
    hosted_invoice_url: null,
    invoice_pdf: null,
    number: null,
    status: "draft",
    status_transitions: {
      finalized_at: null,
      marked_uncollectible_at: null,
      paid_at: null,
      voided_at: null,
    },
  };
}

function ofSubscription(act: Act, subscription: Subscription, asked: Asked): Invoice {
  const details = asked.subscription_details;
  if (details?.cancel_now) {
    const prorate = details.proration_behavior !== "none";
    const canceled = cancelSubscription(act, subscription, { invoiceNow: true, prorate });
    return (
      latest(act, canceled) ?? draftFor(act, canceled, { reason: "upcoming", lines: () => [], waits: false })
    );
  }
  if (!details) return nextInvoice(act, subscription);
  const changed = changeSubscription(act, subscription, {
    anchorNow: details.billing_cycle_anchor?.type === "now",
    fields: ending(act, subscription, details),
    items: details.items ? itemChanges(act, subscription, details.items) : [],
    proration: details.proration_behavior,
    prorationDate: details.proration_date,
    trialEnd: trialEndOf(act, details.trial_end),
  });
  if (changed.cancel_at !== null && changed.cancel_at <= firstPeriodEnd(changed)) throw noneComes(changed);
  const billed = changed.latest_invoice !== subscription.latest_invoice;
  return (billed ? latest(act, changed) : undefined) ?? nextInvoice(act, changed);
}

const noneComes = ({ customer }: Subscription) =>
  new ApiError(404, `No upcoming invoices for customer: '${customer}'`, { code: "invoice_upcoming_none" });

function taxOf(act: Act, draft: Invoice, asked: Asked): Partial<Invoice> {
  const { default_tax_rates: rates } = asked.subscription_details ?? {};
  const { enabled } = asked.automatic_tax ?? draft.automatic_tax;
  const { subscription_details: details } = draft.parent ?? {};
  const said = asked.subscription_details?.metadata;
  return {
    ...(draft.parent &&
      details &&
      said !== undefined && {
        parent: {
          ...draft.parent,
          subscription_details: { ...details, metadata: mergeMetadata(details.metadata, said) },
        },
      }),
    automatic_tax: { ...draft.automatic_tax, enabled },
    ...(rates !== undefined && {
      default_tax_rates: taxRatesFor(act, rates, "subscription_details[default_tax_rates]"),
    }),
  };
}

function ofNothing(act: Act, customer: Kinds["customer"], asked: Asked): Invoice {
  const sold = soldItems(
    act,
    asked.subscription_details?.items ?? [],
    customer.id,
    "subscription_details[items]",
  );
  const money = asked.currency ?? sold[0]?.price.currency ?? customer.currency ?? "usd";
  const items = sold.map((one) => ({ ...one, price: priceIn(act.store, one.price, money) }));
  if (items.length === 0) {
    const blank = blankInvoice(act, customer, { billing_reason: "upcoming", currency: money });
    return act.create(totalled(act.store, blank, [], customer.balance));
  }
  const until = trialEndOf(act, asked.subscription_details?.trial_end);
  const subscription = act.create(
    newSubscription(act, {
      currency: money,
      customer: customer.id,
      fields: {},
      items,
      missingMethod: "create_invoice",
      trialEnd: typeof until === "number" ? until : null,
    }),
  );
  return draftFor(act, subscription, {
    reason: "upcoming",
    lines: (id) => periodLines(act.store, id, subscription, subscription.items.data),
    waits: false,
  });
}

function latest(act: Act, subscription: Subscription): Invoice | undefined {
  return act.store.find("invoice", subscription.latest_invoice ?? "");
}
