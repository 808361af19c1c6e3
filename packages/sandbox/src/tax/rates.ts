import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { boolean, clearable, decimal, hash, ignored, list, text } from "../api/params.ts";
import { longId } from "../ids.ts";
import type { TaxRate } from "./compute.ts";

/** `tax_rates` and `default_tax_rates`: ids. */
export const taxRateIds = () => list(text(), { max: 5 });
export const clearableTaxRates = () => clearable(taxRateIds()).optional();

/** `automatic_tax`; whose liability it is makes no difference to one account. */
export const automaticTax = () => hash({ enabled: boolean(), liability: ignored("one_account") }).optional();

/** 0 to 100, with up to four decimals. */
export const percentage = () =>
  decimal()
    .transform(Number)
    .refine((value) => value >= 0 && value <= 100, "This value must be between 0 and 100.");

type Told =
  | "active"
  | "country"
  | "description"
  | "jurisdiction"
  | "jurisdiction_level"
  | "metadata"
  | "state"
  | "tax_type";
type NewRate = { [part in Told]?: TaxRate[part] | undefined } & Pick<
  TaxRate,
  "display_name" | "inclusive" | "percentage"
>;

export function buildTaxRate(act: Act, given: NewRate): TaxRate {
  return {
    id: longId("txr"),
    object: "tax_rate",
    active: given.active ?? true,
    country: given.country ?? null,
    created: act.now,
    description: given.description ?? null,
    display_name: given.display_name,
    effective_percentage: null,
    flat_amount: null,
    inclusive: given.inclusive,
    jurisdiction: given.jurisdiction ?? null,
    jurisdiction_level: given.jurisdiction_level ?? null,
    livemode: false,
    metadata: given.metadata ?? {},
    percentage: given.percentage,
    rate_type: "percentage",
    state: given.state ?? null,
    tax_type: given.tax_type ?? null,
  };
}

export const bothKinds = () =>
  invalid("You may only specify one of these: `automatic_tax[enabled]`, tax rates.", "automatic_tax");

/** The rates behind ids that were looked at before. */
export const ratesAt = (act: Pick<Act, "store">, ids: readonly string[] | undefined): TaxRate[] =>
  (ids ?? []).flatMap((id) => act.store.find("tax_rate", id) ?? []);

/** The rates that were named; an empty value names none. */
export function taxRatesFor(act: Act, ids: readonly string[] | "" | undefined, param: string): TaxRate[] {
  return (ids || []).map((id, place) => {
    const rate = act.store.find("tax_rate", id);
    if (!rate) throw invalid(`No such tax rate: '${id}'`, `${param}[${place}]`, "resource_missing");
    if (!rate.active) {
      throw invalid(`The tax rate '${id}' is inactive and can't be applied any more.`, `${param}[${place}]`);
    }
    return rate;
  });
}
