import type { Json } from "../wire.ts";
import { type Change, fieldOf, itemsOf, type Look, textOf } from "./change.ts";

/** Taxes stand in `total_taxes` and in each line's `taxes`. */
export const invoiceTaxes: Change = {
  since: "2025-03-31",
  answers: {
    invoice: (invoice) => {
      const taxes = itemsOf(invoice.total_taxes);
      invoice.tax = taxes.length > 0 ? taxes.reduce((sum, { amount }) => sum + Number(amount), 0) : null;
      invoice.total_tax_amounts = taxes.map(asAmount);
    },
    line_item: (line, look) => {
      const taxes = itemsOf(line.taxes);
      line.tax_amounts = taxes.map(asAmount);
      line.tax_rates = taxes.flatMap((tax) => rateOf(tax, look) ?? []);
    },
  },
};

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
