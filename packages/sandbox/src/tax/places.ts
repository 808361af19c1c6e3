import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import type { TaxRate } from "./compute.ts";

interface Place {
  name: string;
  percentage: number;
  tax_type: string;
}

const gst = (percentage: number): Place => ({ name: "GST", percentage, tax_type: "gst" });
const vat = (percentage: number): Place => ({ name: "VAT", percentage, tax_type: "vat" });

/**
 * Where this shop collects tax, and how much: the standard rate of the country, whatever is sold. Elsewhere, as in the
 * United States, it collects none. Real rates depend on more; this is a table to test with.
 */
const PLACES: Record<string, Place> = {
  AE: vat(5),
  AT: vat(20),
  AU: gst(10),
  BE: vat(21),
  BH: vat(10),
  CA: gst(5),
  CH: vat(8.1),
  DE: vat(19),
  DK: vat(25),
  ES: vat(21),
  FI: vat(25.5),
  FR: vat(20),
  GB: vat(20),
  IE: vat(23),
  IN: gst(18),
  IT: vat(22),
  JP: { name: "JCT", percentage: 10, tax_type: "jct" },
  NL: vat(21),
  NO: vat(25),
  NZ: gst(15),
  OM: vat(5),
  PL: vat(23),
  PT: vat(23),
  SE: vat(25),
  SG: gst(9),
};

/** A country by its two letters. Anything else is no place that tax could be computed for. */
export const isPlace = (country: string) => /^[A-Z]{2}$/.test(country);

export const isCollected = (country: string) => country in PLACES;

/** The rate of a country as an object of its own; the same one every time. */
export function rateOf(store: Store, country: string, inclusive: boolean, now: number): TaxRate {
  const id = `txr_1Automatic${country}${inclusive ? "in" : "ex"}`;
  const known = store.find("tax_rate", id);
  if (known) return known;
  const { name, percentage, tax_type } = PLACES[country] ?? { name: "Tax", percentage: 0, tax_type: null };
  const rate: TaxRate = {
    id,
    object: "tax_rate",
    active: false,
    country,
    created: now,
    description: null,
    display_name: name,
    effective_percentage: percentage,
    flat_amount: null,
    inclusive,
    jurisdiction: country,
    jurisdiction_level: "country",
    livemode: false,
    metadata: {},
    percentage,
    rate_type: "percentage",
    state: null,
    tax_type,
  };
  store.insert(rate);
  return rate;
}

/** Stripe's `inferred_by_currency`: where a price doesn't say, tax comes on top in USD and CAD, and is in it elsewhere. */
export function isInclusive(behavior: Kinds["price"]["tax_behavior"] | undefined, currency: string): boolean {
  if (behavior === "inclusive" || behavior === "exclusive") return behavior === "inclusive";
  return currency !== "usd" && currency !== "cad";
}
