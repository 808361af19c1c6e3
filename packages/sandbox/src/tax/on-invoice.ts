import { chargeableUnit } from "../money.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import { addedBy, merged, type Tax, type TaxRate, taxesOn, totalOf } from "./compute.ts";
import { countryOf, exemptionOf } from "./location.ts";
import { ownTaxes } from "./own-amounts.ts";
import { isInclusive, isPlace, rateOf } from "./places.ts";

type Invoice = Kinds["invoice"];
type Line = Invoice["lines"]["data"][number];

const OWN_RATES = "tax_rates";

/** A line's own rates: they are not on the line itself, and win over the invoice's. */
export function keepOwnRates(store: Store, line: string, rates: readonly TaxRate[] | null | undefined): void {
  const known = store.note(line, OWN_RATES) !== undefined;
  if (known || (rates && rates.length > 0)) store.setNote(line, OWN_RATES, JSON.stringify(rates ?? []));
}

/** `added` comes on top of the prices, `within` was in them before their discounts, `sum` is both after these. */
interface Taxed extends Pick<Invoice, "automatic_tax" | "shipping_cost" | "total_taxes"> {
  added: number;
  lines: Line[];
  sum: number;
  within: number;
}

/** The lines with the taxes on them, and what these add up to. Discounts have been taken off before. */
export function taxed(store: Store, invoice: Invoice, lines: readonly Line[]): Taxed {
  const ratesOf = ratesFor(store, invoice);
  const unit = chargeableUnit(invoice.currency);
  const exemption = exemptionOf(store.find("customer", invoice.customer ?? ""));
  const all = lines.map((line) => {
    const rates = ratesOf(line);
    const own = ownTaxes(store, line.id);
    if (own) return { line, taxes: own, within: totalOf(own.filter(({ rate }) => rate.inclusive)) };
    // The subtotal is made of prices before their discounts, and so is the tax that is left out of it.
    const undiscounted = taxesOn(line.amount, rates, unit, exemption);
    return {
      line,
      taxes: taxesOn(leftOf(line), rates, unit, exemption),
      within: totalOf(undiscounted.filter(({ rate }) => rate.inclusive)),
    };
  });
  const shipping = shippingTaxes(store, invoice);
  const every = [...all.flatMap(({ taxes }) => taxes), ...shipping];
  return {
    added: addedBy(every),
    automatic_tax: { ...invoice.automatic_tax, ...stateOf(store, invoice) },
    lines: all.map(({ line, taxes }) => ({ ...line, taxes: taxes.map(shownTax) })),
    shipping_cost: invoice.shipping_cost && {
      ...invoice.shipping_cost,
      amount_tax: totalOf(shipping),
      amount_total: invoice.shipping_cost.amount_subtotal + addedBy(shipping),
    },
    sum: totalOf(every),
    total_taxes: merged(every).map(shownTax),
    within: all.reduce((sum, one) => sum + one.within, 0),
  };
}

/** What an invoice or subscription says when its tax is computed by itself. */
export const AUTOMATIC = { enabled: true, liability: { type: "self" } } as const;

function stateOf(store: Store, invoice: Invoice): Partial<Invoice["automatic_tax"]> {
  if (!invoice.automatic_tax.enabled) return { liability: null, provider: null, status: null };
  const country = countryOf(store, store.find("customer", invoice.customer ?? ""));
  const known = country === null ? "requires_location_inputs" : isPlace(country) ? "complete" : "failed";
  return { liability: AUTOMATIC.liability, provider: "stripe", status: known };
}

/** Of what is shipped: only a tax that is computed by itself is on its cost. */
export function shippingTaxes(store: Store, invoice: Invoice): Tax[] {
  const { amount_subtotal: cost = 0, shipping_rate: id } = invoice.shipping_cost ?? {};
  const customer = store.find("customer", invoice.customer ?? "");
  const country = countryOf(store, customer);
  if (cost === 0 || !invoice.automatic_tax.enabled || country === null || !isPlace(country)) return [];
  const behavior = store.find("shipping_rate", id ?? "")?.tax_behavior;
  const rate = rateOf(store, country, isInclusive(behavior, invoice.currency), invoice.created);
  return taxesOn(cost, [rate], chargeableUnit(invoice.currency), exemptionOf(customer));
}

function ratesFor(store: Store, invoice: Invoice): (line: Line) => readonly TaxRate[] {
  const own = (line: Line): TaxRate[] => JSON.parse(store.note(line.id, OWN_RATES) ?? "[]");
  if (invoice.automatic_tax.enabled) {
    const country = countryOf(store, store.find("customer", invoice.customer ?? ""));
    if (country === null || !isPlace(country)) return own;
    return (line) => {
      const { currency, pricing } = line;
      const known = own(line);
      if (known.length > 0) return known;
      const price = store.find("price", pricing?.price_details?.price ?? "");
      return [rateOf(store, country, isInclusive(price?.tax_behavior, currency), invoice.created)];
    };
  }
  return (line) => {
    const known = own(line);
    return known.length > 0 ? known : invoice.default_tax_rates;
  };
}

/** As a line, and what adds lines up, shows it. */
export function shownTax({
  amount,
  rate,
  reason,
  taxable,
}: Tax): NonNullable<Invoice["total_taxes"]>[number] {
  return {
    amount,
    tax_behavior: rate.inclusive ? "inclusive" : "exclusive",
    tax_rate_details: { tax_rate: rate.id },
    taxability_reason: reason ?? "not_available",
    taxable_amount: taxable,
    type: "tax_rate_details",
  };
}

const leftOf = ({ amount, discount_amounts: off }: Line) =>
  amount - (off ?? []).reduce((sum, one) => sum + one.amount, 0);
