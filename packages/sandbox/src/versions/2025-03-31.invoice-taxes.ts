import type { Json } from "../wire.ts";
import { type Change, fieldOf, itemsOf, type Look, textOf } from "./change.ts";

/**
 * Taxes of invoices and credit notes stand in `total_taxes` and in each line's `taxes`. What a line comes to without them
 * is left to be computed.
 */
export const invoiceTaxes: Change = {
  since: "2025-03-31",
  answers: {
    credit_note: (note) => {
      note.tax_amounts = itemsOf(note.total_taxes).map(asAmount);
    },
    credit_note_line_item: (line) => {
      line.tax_amounts = itemsOf(line.taxes).map(asAmount);
      showUntaxed(line);
    },
    invoice: (invoice) => {
      const taxes = itemsOf(invoice.total_taxes);
      invoice.tax = taxes.length > 0 ? taxes.reduce((sum, { amount }) => sum + Number(amount), 0) : null;
      invoice.total_tax_amounts = taxes.map(asAmount);
    },
    line_item: (line, look) => {
      const taxes = itemsOf(line.taxes);
      line.tax_amounts = taxes.map(asAmount);
      line.tax_rates = taxes.flatMap((tax) => rateOf(tax, look) ?? []);
      showUntaxed(line);
    },
  },
};

/** The amount without the taxes that are in it, and the same of one piece. */
function showUntaxed(line: Json): void {
  const inside = itemsOf(line.taxes).filter((tax) => tax.tax_behavior === "inclusive");
  const amount = inside.reduce((rest, tax) => rest - Number(tax.amount), Number(line.amount));
  line.amount_excluding_tax = amount;
  line.unit_amount_excluding_tax = String(amount / (Number(line.quantity) || 1));
}

const rateId = (tax: Json) => textOf(fieldOf(tax.tax_rate_details, "tax_rate"));
const rateOf = (tax: Json, look: Look) => look.find("tax_rate", rateId(tax));

function asAmount(tax: Json): Json {
  return {
    amount: tax.amount,
    inclusive: tax.tax_behavior === "inclusive",
    tax_rate: rateId(tax),
    taxability_reason: tax.taxability_reason,
    taxable_amount: tax.taxable_amount,
  };
}
