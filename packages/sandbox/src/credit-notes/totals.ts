import type Stripe from "stripe";
import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { shippingTaxes, shownTax } from "../tax/on-invoice.ts";
import type { Kinds, Wire } from "../wire.ts";
import { type AskedLine, line, linesOf } from "./lines.ts";

type CreditNote = Kinds["credit_note"];
type Invoice = Kinds["invoice"];
type Line = Wire<Stripe.CreditNoteLineItem>;
type Tax = NonNullable<CreditNote["total_taxes"]>[number];

export interface AskedSums {
  amount?: number | undefined;
  lines?: AskedLine[] | undefined;
  shipping_cost?: { shipping_rate?: string | undefined } | undefined;
}

export type Sums = Pick<
  CreditNote,
  | "amount"
  | "amount_shipping"
  | "discount_amount"
  | "discount_amounts"
  | "shipping_cost"
  | "subtotal"
  | "subtotal_excluding_tax"
  | "total"
  | "total_excluding_tax"
  | "total_taxes"
> & { lines: Line[] };

/** What is credited, and what it adds up to: a sum, or lines and the way that things were shipped. */
export function sumsOf(act: Act, invoice: Invoice, asked: AskedSums): Sums {
  const { amount, lines: given, shipping_cost: way } = asked;
  if (amount !== undefined && (given || way)) {
    const names = ["amount", given ? "lines" : "shipping_cost"].join(", ");
    throw invalid(`You may only specify one of these parameters: ${names}.`, "amount");
  }
  if (amount !== undefined) return wholeSum(invoice, amount);
  const lines = linesOf(act, invoice, given ?? []);
  const shipping = way ? shippedBy(invoice, way.shipping_rate) : null;
  const ofShipping = shipping ? shippingTaxes(act.store, invoice).map(shownTax) : [];
  const taxes = merged([...lines.flatMap((one) => one.taxes ?? []), ...ofShipping]);
  const subtotal = lines.reduce((sum, one) => sum + one.amount, 0);
  const off = lines.reduce((sum, one) => sum + one.discount_amount, 0);
  const cost = shipping?.amount_subtotal ?? 0;
  const total = subtotal - off + cost + sumOf(taxes.filter(isAdded));
  const within = sumOf(lines.flatMap((one) => one.taxes ?? []).filter((tax) => !isAdded(tax)));
  return {
    amount: total,
    amount_shipping: cost,
    discount_amount: off,
    discount_amounts: addedUp(lines.flatMap((one) => one.discount_amounts)),
    lines,
    shipping_cost: shipping,
    subtotal,
    subtotal_excluding_tax: subtotal - within,
    total,
    total_excluding_tax: total - sumOf(taxes),
    total_taxes: taxes,
  };
}

/** Of a mere sum, the invoice's taxes are a part as they are of the invoice. */
function wholeSum(invoice: Invoice, amount: number): Sums {
  const part = (of: number) => Math.round((of * amount) / invoice.total);
  const total_taxes = (invoice.total_taxes ?? []).map((tax) => ({
    ...tax,
    amount: part(tax.amount),
    taxable_amount: tax.taxable_amount === null ? null : part(tax.taxable_amount),
  }));
  return {
    amount,
    amount_shipping: 0,
    discount_amount: 0,
    discount_amounts: [],
    lines: [line({ amount, description: "Credit", type: "custom_line_item" })],
    shipping_cost: null,
    subtotal: amount,
    subtotal_excluding_tax: amount - sumOf(total_taxes),
    total: amount,
    total_excluding_tax: amount - sumOf(total_taxes),
    total_taxes,
  };
}

function shippedBy({ shipping_cost: cost }: Invoice, rate: string | undefined): CreditNote["shipping_cost"] {
  if (cost && cost.shipping_rate === rate) return cost;
  throw invalid(
    "The shipping rate must be the one that the invoice was shipped by.",
    "shipping_cost[shipping_rate]",
  );
}

const sumOf = (taxes: readonly Tax[]) => taxes.reduce((sum, { amount }) => sum + amount, 0);
const isAdded = (tax: Tax) => tax.tax_behavior === "exclusive";

/** The same rate on several lines is told as one. */
function merged(taxes: readonly Tax[]): Tax[] {
  const byRate = new Map<string, Tax>();
  for (const tax of taxes) {
    const key = `${tax.tax_rate_details?.tax_rate} ${tax.tax_behavior} ${tax.taxability_reason}`;
    const known = byRate.get(key);
    const taxable_amount = (tax.taxable_amount ?? 0) + (known?.taxable_amount ?? 0);
    byRate.set(key, { ...tax, amount: tax.amount + (known?.amount ?? 0), taxable_amount });
  }
  return [...byRate.values()];
}

function addedUp(offs: Line["discount_amounts"]): Line["discount_amounts"] {
  const names = [...new Set(offs.map(({ discount }) => discount))];
  return names.map((discount) => ({
    amount: offs.filter((one) => one.discount === discount).reduce((sum, { amount }) => sum + amount, 0),
    discount,
  }));
}
