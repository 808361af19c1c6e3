import type { Act } from "../act.ts";
import type { Kinds } from "../wire.ts";
import type { TaxRate } from "./compute.ts";
import { countryOf, unknownLocation } from "./location.ts";
import { AUTOMATIC } from "./on-invoice.ts";
import { bothKinds, taxRatesFor } from "./rates.ts";

type Invoice = Kinds["invoice"];
type Subscription = Kinds["subscription"];

interface Asked {
  automatic_tax?: { enabled: boolean } | undefined;
  default_tax_rates?: string[] | "" | undefined;
}

/** How a subscription's invoices are taxed from here on. Where its customer is has to be known by then. */
export function subscriptionTax(
  act: Act,
  customer: Kinds["customer"] | undefined,
  asked: Asked,
): Partial<Subscription> {
  const { automatic_tax: automatic } = asked;
  const rates = defaultRates(act, asked);
  if (!automatic) return rates;
  if (!automatic.enabled) {
    return { ...rates, automatic_tax: { disabled_reason: null, enabled: false, liability: null } };
  }
  if (countryOf(act.store, customer) === null) throw unknownLocation();
  return { ...rates, automatic_tax: { ...AUTOMATIC, disabled_reason: null } };
}

/** The same of one invoice, whose status follows with its totals. */
export function invoiceTax(act: Act, asked: Asked): Partial<Invoice> {
  const { enabled } = asked.automatic_tax ?? {};
  const rates = defaultRates(act, asked);
  if (enabled === undefined) return rates;
  const automatic_tax = { disabled_reason: null, enabled, liability: null, provider: null, status: null };
  return { ...rates, automatic_tax };
}

/** Whoever sends a draft by hand is told that nobody knows where its customer is; time sends it without tax. */
export function requireLocation(act: Act, { automatic_tax: tax, customer }: Invoice): void {
  if (tax.enabled && countryOf(act.store, act.store.find("customer", customer ?? "")) === null) {
    throw unknownLocation();
  }
}

function defaultRates(
  act: Act,
  { automatic_tax: automatic, default_tax_rates: ids }: Asked,
): { default_tax_rates?: TaxRate[] } {
  if (automatic?.enabled && ids?.length) throw bothKinds();
  return ids === undefined ? {} : { default_tax_rates: taxRatesFor(act, ids, "default_tax_rates") };
}
