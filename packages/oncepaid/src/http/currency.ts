import { parse } from "hono/utils/cookie";
import { browserLanguages } from "#/http/language.ts";

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

/** Kept by pages that offer a choice of currencies. */
const CHOICE_COOKIE = "currency";
/** What Cloudflare, Vercel and CloudFront say of where a visitor's address is. Who forges one sees other prices, as by choosing. */
const COUNTRY_HEADERS = ["cf-ipcountry", "x-vercel-ip-country", "cloudfront-viewer-country"];

/**
 * The currency a visitor is likely to pay in, lower case as Stripe writes it: the one they chose (the cookie `currency`), else that of the
 * country their address is in, where a proxy says so, else that of the first region their browser's languages name. `en-IN` names India;
 * `hi` alone names a language and no country. Undefined where nothing says it.
 *
 * @example
 * const offers = await oncepaid.products({ currency: currencyOf(await headers()) });
 */
export function currencyOf(headers: Headers): string | undefined {
  return chosenCurrency(headers) ?? regionsOf(headers).flatMap((region) => CURRENCIES.get(region) ?? [])[0];
}

function chosenCurrency(headers: Headers): string | undefined {
  const chosen = parse(headers.get("cookie") ?? "", CHOICE_COOKIE)[CHOICE_COOKIE];
  return chosen !== undefined && /^[a-z]{3}$/.test(chosen) ? chosen : undefined;
}

/** Country codes, the likeliest first. */
function regionsOf(headers: Headers): string[] {
  const countries = COUNTRY_HEADERS.flatMap((name) => headers.get(name) ?? []);
  const regions = browserLanguages(headers).flatMap((tag) => /-([a-z]{2})(?:-|$)/i.exec(tag)?.[1] ?? []);
  return [...countries, ...regions].map((region) => region.toUpperCase());
}
