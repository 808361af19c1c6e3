import { wantedLanguages } from "#/http/language.ts";

/** Where a currency is paid with. Only what shops are likely to price in; anybody else sees a price's own currency. */
const REGIONS: Record<string, string> = {
  aud: "AU",
  brl: "BR",
  cad: "CA",
  chf: "CH LI",
  dkk: "DK",
  eur: "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK",
  gbp: "GB",
  inr: "IN",
  jpy: "JP",
  mxn: "MX",
  nok: "NO",
  nzd: "NZ",
  pln: "PL",
  sek: "SE",
  sgd: "SG",
  usd: "US",
};

const CURRENCIES = new Map(
  Object.entries(REGIONS).flatMap(([currency, regions]) =>
    regions.split(" ").map((region): [string, string] => [region, currency]),
  ),
);

/**
 * The currency a visitor is likely to pay in, lower case as Stripe writes it: that of the first region their languages
 * name, a chosen language before the browser's. `en-IN` names India, and `hi` alone does too. Undefined where none does.
 *
 * @example
 * const offers = await oncepaid.products({ currency: currencyOf(await headers()) });
 */
export function currencyOf(headers: Headers): string | undefined {
  return wantedLanguages(headers).flatMap((tag) => CURRENCIES.get(regionOf(tag)) ?? [])[0];
}

function regionOf(tag: string): string {
  const region = /-([a-z]{2})(?:-|$)/i.exec(tag)?.[1];
  return region?.toUpperCase() ?? (tag.toLowerCase() === "hi" ? "IN" : "");
}
