import type { Act } from "../act.ts";
import { invalid } from "../api/errors.ts";
import { boolean, clearable, hash, ignored, list, text } from "../api/params.ts";
import type { TaxRate } from "./compute.ts";

/** `tax_rates` and `default_tax_rates`: ids. */
export const taxRateIds = () => list(text(), { max: 5 });
export const clearableTaxRates = () => clearable(taxRateIds()).optional();

/** `automatic_tax`; whose liability it is makes no difference to one account. */
export const automaticTax = () => hash({ enabled: boolean(), liability: ignored("one_account") }).optional();

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
