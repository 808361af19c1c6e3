import type Stripe from "stripe";
import type { Act } from "../act.ts";
import { mergeMetadata } from "../api/changes.ts";
import { invalid, missing } from "../api/errors.ts";
import { longId } from "../ids.ts";
import { chargeableUnit } from "../money.ts";
import { taxesOn } from "../tax/compute.ts";
import { exemptionOf } from "../tax/location.ts";
import { shownTax } from "../tax/on-invoice.ts";
import { taxRatesFor } from "../tax/rates.ts";
import type { Kinds, Metadata, Wire } from "../wire.ts";

type Invoice = Kinds["invoice"];
type Line = Wire<Stripe.CreditNoteLineItem>;
type Tax = NonNullable<Line["taxes"]>[number];

export interface AskedLine {
  amount?: number | undefined;
  description?: string | undefined;
  invoice_line_item?: string | undefined;
  metadata?: Metadata | "" | undefined;
  quantity?: number | undefined;
  tax_amounts?: "" | { amount: number; tax_rate: string; taxable_amount: number }[] | undefined;
  tax_rates?: "" | string[] | undefined;
  type: string;
  unit_amount?: number | undefined;
  unit_amount_decimal?: string | undefined;
}

/** The lines of a note: parts of the invoice's own, or others. Each has its taxes, and what discounts had taken off it. */
export const linesOf = (act: Act, invoice: Invoice, lines: readonly AskedLine[]): Line[] =>
  lines.map((asked, place) => {
    const param = `lines[${place}]`;
    if (asked.tax_amounts && asked.tax_rates) {
      throw invalid(
        "You may only specify one of these parameters: tax_amounts, tax_rates.",
        `${param}[tax_rates]`,
      );
    }
    return asked.type === "custom_line_item"
      ? customLine(act, invoice, asked, param)
      : creditedLine(act, invoice, asked, param);
  });

function customLine(act: Act, invoice: Invoice, asked: AskedLine, param: string): Line {
  const { description = null, quantity = 1, type, unit_amount, unit_amount_decimal: decimal } = asked;
  if (unit_amount !== undefined && decimal !== undefined) {
    const problem = "You may only specify one of these parameters: unit_amount, unit_amount_decimal.";
    throw invalid(problem, `${param}[unit_amount_decimal]`);
  }
  const each = unit_amount ?? Number(decimal ?? 0);
  const amount = asked.amount ?? Math.round(each * quantity);
  const rates = taxRatesFor(act, asked.tax_rates, `${param}[tax_rates]`);
  const exemption = exemptionOf(act.store.find("customer", invoice.customer ?? ""));
  const computed = taxesOn(amount, rates, chargeableUnit(invoice.currency), exemption).map(shownTax);
  return line({
    amount,
    description,
    metadata: asked.metadata === undefined ? null : mergeMetadata(null, asked.metadata),
    quantity,
    tax_rates: rates,
    taxes: givenTaxes(act, asked, param) ?? computed,
    type,
    unit_amount: unit_amount ?? (Number.isInteger(each) ? each : null),
    unit_amount_decimal: decimal ?? String(each),
  });
}

function creditedLine(act: Act, invoice: Invoice, asked: AskedLine, param: string): Line {
  const { invoice_line_item: id, quantity } = asked;
  if (!id) throw missing(`${param}[invoice_line_item]`);
  const known = invoice.lines.data.find((one) => one.id === id);
  if (!known) {
    throw invalid(`No such invoice line item: '${id}'`, `${param}[invoice_line_item]`, "resource_missing");
  }
  if (asked.tax_rates) {
    throw invalid("`tax_rates` can only be passed for a `custom_line_item`.", `${param}[tax_rates]`);
  }
  const each = known.amount / (known.quantity || 1);
  const amount = asked.amount ?? Math.round(each * (quantity ?? known.quantity ?? 1));
  const part = (of: number) => (known.amount === 0 ? 0 : Math.round((of * amount) / known.amount));
  const discount_amounts = (known.discount_amounts ?? []).map((off) => ({
    ...off,
    amount: part(off.amount),
  }));
  const own = (known.taxes ?? []).map((tax) => ({
    ...tax,
    amount: part(tax.amount),
    taxable_amount: tax.taxable_amount === null ? null : part(tax.taxable_amount),
  }));
  return line({
    amount,
    description: known.description,
    discount_amount: discount_amounts.reduce((sum, off) => sum + off.amount, 0),
    discount_amounts,
    invoice_line_item: known.id,
    metadata: asked.metadata === undefined ? null : mergeMetadata(null, asked.metadata),
    quantity: quantity ?? null,
    taxes: givenTaxes(act, asked, param) ?? own,
    type: asked.type,
  });
}

/** Taxes that somebody has computed. */
function givenTaxes(act: Act, { tax_amounts: given }: AskedLine, param: string): Tax[] | undefined {
  if (!given) return undefined;
  return given.flatMap(({ amount, tax_rate, taxable_amount: taxable }, place) =>
    taxRatesFor(act, [tax_rate], `${param}[tax_amounts][${place}][tax_rate]`).map((rate) =>
      shownTax({ amount, rate, reason: null, taxable }),
    ),
  );
}

/** A line that says no more than its amount. */
export function line(given: Pick<Line, "amount" | "description" | "type"> & Partial<Line>): Line {
  return {
    id: longId("cnli"),
    object: "credit_note_line_item",
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: null,
    pretax_credit_amounts: [],
    quantity: null,
    tax_rates: [],
    taxes: [],
    unit_amount: null,
    unit_amount_decimal: null,
    ...given,
  };
}
