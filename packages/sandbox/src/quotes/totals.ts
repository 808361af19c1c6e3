import type { Act } from "../act.ts";
import { couponOf, discountsFor } from "../billing/discounts.ts";
import { blankInvoice, totalled } from "../billing/invoice.ts";
import { type InvoiceLine, manualLine } from "../billing/lines.ts";
import { priceIn } from "../catalog/currencies.ts";
import { buildCustomer } from "../catalog/customer.ts";
import { pricedLines } from "../checkout/totals.ts";
import type { Store } from "../store.ts";
import { invoiceTax } from "../tax/fields.ts";
import { ratesAt } from "../tax/rates.ts";
import type { Kinds, LineItem } from "../wire.ts";
import { isRecurring, type QuoteLine } from "./lines.ts";

export type Quote = Kinds["quote"];
type Invoice = Kinds["invoice"];
type Details = Required<Quote["total_details"]>;
type Breakdown = NonNullable<Details["breakdown"]>;

/** What some of a quote's lines cost together. The breakdown and the lines only show when they are expanded. */
interface Sums extends Pick<Quote, "amount_subtotal" | "amount_total" | "total_details"> {
  automatic_tax: Quote["automatic_tax"];
  breakdown: Breakdown;
  lines: LineItem[];
  taxes: Record<string, Breakdown["taxes"]>;
}

/** A quote's lines, and what they come to: all of them, what is paid when it is accepted, and what recurs. */
export interface Kept {
  lines: QuoteLine[];
  recurring: Sums | null;
  upfront: Sums;
  whole: Sums;
}

const NOTE = "quoted";

export function keptOf(store: Store, quote: string): Kept {
  const note = store.note(quote, NOTE);
  if (note === undefined) throw new Error(`the quote ${quote} has no lines`);
  return JSON.parse(note);
}

/** The taxes on a line, where it is a quote's. */
export function taxesOfQuoted(store: Store, line: string): Breakdown["taxes"] | undefined {
  const owner = store.note(line, NOTE);
  return owner === undefined ? undefined : keptOf(store, owner).whole.taxes[line];
}

/** The quote with what its lines come to, which is kept beside it. */
export function withTotals(act: Act, quote: Quote, lines: QuoteLine[]): Quote {
  const trial = quote.subscription_data.trial_period_days !== null;
  const regular = lines.filter(isRecurring);
  const whole = sumsOf(act, quote, lines, false, quote.discounts);
  const upfront = sumsOf(act, quote, lines, trial, quote.discounts);
  const recurring =
    regular.length > 0
      ? sumsOf(act, quote, regular.map(lastingIn(act.store)), false, lastingOf(act.store, quote.discounts))
      : null;
  act.store.setNote(quote.id, NOTE, JSON.stringify({ lines, recurring, upfront, whole } satisfies Kept));
  for (const { item } of lines) act.store.setNote(item.id, NOTE, quote.id);
  const rhythm = regular[0]?.item.price?.recurring;
  return {
    ...quote,
    ...plain(whole),
    automatic_tax: whole.automatic_tax,
    computed: {
      recurring:
        recurring && rhythm
          ? { ...plain(recurring), interval: rhythm.interval, interval_count: rhythm.interval_count }
          : null,
      upfront: plain(upfront),
    },
    currency: lines[0]?.item.currency ?? null,
  };
}

const plain = ({ amount_subtotal, amount_total, total_details }: Sums) => ({
  amount_subtotal,
  amount_total,
  total_details,
});

/** The discounts that go on after the first bill: without those that are used up by one. */
const lastingOf = (store: Store, ids: readonly string[]): string[] =>
  ids.filter((id) => {
    const discount = store.find("discount", id);
    return discount && couponOf(store, discount)?.duration !== "once";
  });

const lastingIn =
  (store: Store) =>
  (line: QuoteLine): QuoteLine => ({ ...line, discounts: lastingOf(store, line.discounts) });

/** The bill that the lines would be. It is really made, and then taken back, so that both come to the same. */
function sumsOf(
  act: Act,
  quote: Quote,
  lines: readonly QuoteLine[],
  trial: boolean,
  discounts: readonly string[],
): Sums {
  return act.store.tried(() => {
    const customer = act.store.find("customer", quote.customer ?? "") ?? act.create(buildCustomer(act, {}));
    const given = quote.discounts.length > 0 ? discounts : undefined;
    const bill = billOf(act, quote, customer, {
      discounts: discountsFor(act, customer, null, given),
      lines,
      trial,
    });
    return summed(act.store, bill, lines);
  });
}

/** The lines on an invoice that isn't stored yet. With a trial nothing that recurs costs anything. */
export function billOf(
  act: Act,
  quote: Quote,
  customer: Kinds["customer"],
  {
    balance = 0,
    discounts,
    fields = {},
    lines,
    trial = false,
  }: {
    balance?: number;
    discounts: string[];
    fields?: Partial<Invoice>;
    lines: readonly QuoteLine[];
    trial?: boolean;
  },
): Invoice {
  const blank = blankInvoice(act, customer, {
    ...invoiceTax(act, { automatic_tax: { enabled: quote.automatic_tax.enabled } }),
    billing_reason: "quote_accept",
    currency: lines[0]?.item.currency ?? "usd",
    default_tax_rates: ratesAt(act, quote.default_tax_rates),
    discounts,
    ...fields,
  });
  const items = lines.map(({ item }) => item);
  const billed = pricedLines(act.store, items, trial, undefined).map((item, place) => {
    const price = item.price && priceIn(act.store, item.price, item.currency);
    const { discounts: own = [], rates } = lines[place] ?? {};
    const line = manualLine(act, blank, {
      amount: item.amount_subtotal,
      description: item.description,
      metadata: {},
      price,
      quantity: item.quantity ?? 0,
      taxRates: ratesAt(act, rates),
    });
    return { ...line, discounts: own };
  });
  return totalled(act.store, blank, billed, balance);
}

function summed(store: Store, bill: Invoice, lines: readonly QuoteLine[]): Sums {
  const told = bill.lines.data.map((line) => toldTaxes(store, line.taxes));
  const items = lines.map(({ item }, place): LineItem => shownLine(item, bill.lines.data[place]));
  const { disabled_reason: _, ...automatic } = bill.automatic_tax;
  return {
    amount_subtotal: bill.subtotal,
    amount_total: bill.total,
    automatic_tax: automatic,
    breakdown: {
      discounts: (bill.total_discount_amounts ?? []).flatMap(({ amount, discount: id }) => {
        const discount = store.find("discount", id);
        return discount ? [{ amount, discount }] : [];
      }),
      taxes: toldTaxes(store, bill.total_taxes),
    },
    lines: items,
    taxes: Object.fromEntries(items.map(({ id }, place) => [id, told[place] ?? []])),
    total_details: {
      amount_discount: sum(bill.total_discount_amounts),
      amount_shipping: 0,
      amount_tax: sum(bill.total_taxes),
    },
  };
}

function shownLine(item: LineItem, line: InvoiceLine | undefined): LineItem {
  const subtotal = line?.amount ?? 0;
  const off = sum(line?.discount_amounts);
  const added = (line?.taxes ?? []).filter(({ tax_behavior: behavior }) => behavior === "exclusive");
  return {
    ...item,
    amount_discount: off,
    amount_subtotal: subtotal,
    amount_tax: sum(line?.taxes),
    amount_total: subtotal - off + sum(added),
  };
}

const sum = (parts: readonly { amount: number }[] | null | undefined): number =>
  (parts ?? []).reduce((total, { amount }) => total + amount, 0);

/** An invoice names the rate of a tax, a quote shows it. */
function toldTaxes(store: Store, taxes: Invoice["total_taxes"]): Breakdown["taxes"] {
  return (taxes ?? []).flatMap((tax) => {
    const rate = store.find("tax_rate", tax.tax_rate_details?.tax_rate ?? "");
    if (!rate) return [];
    const reason = tax.taxability_reason === "not_available" ? null : tax.taxability_reason;
    const { amount, taxable_amount } = tax;
    return [{ amount, rate, taxability_reason: reason, taxable_amount }];
  });
}
