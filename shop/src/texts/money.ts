import type { Locale } from "#/locale.ts";

/**
 * How many minor units Stripe counts in, as a power of ten. Not always what Intl knows: Stripe counts Ugandan
 * shillings and Icelandic krónur in hundredths. Source: docs.stripe.com/currencies, zero- and three-decimal currencies.
 */
const WHOLE = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ");
const THOUSANDTHS = "bhd jod kwd omr tnd".split(" ");

/** An amount of minor units in the reader's language; `short` leaves out decimals that are all zero. */
export function formatMoney(
  amount: number,
  currency: string,
  locale: Locale,
  length: "full" | "short" = "full",
): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: currency.toUpperCase(),
    trailingZeroDisplay: length === "short" ? "stripIfInteger" : "auto",
  }).format(amount / 10 ** decimals(currency));
}

/** An amount as programs read it, in whole units and a point: "19.00". Where it comes from a person, minorUnits reads it. */
export function plainAmount(amount: number, currency: string): string {
  return (amount / 10 ** decimals(currency)).toFixed(decimals(currency));
}

/** Five of a currency, as somebody may type it; five hundred where nothing costs five: "5.00", "500", "5.000". */
export function exampleAmount(currency: string): string {
  return plainAmount(decimals(currency) === 3 ? 5000 : 500, currency);
}

/** What somebody typed as an amount ("5", "5.5", "5,50") in minor units; undefined where it is none of this currency. */
export function minorUnits(typed: string, currency: string): number | undefined {
  const [, whole = "", fraction = ""] = /^(\d{1,9})(?:[.,](\d+))?$/.exec(typed.trim()) ?? [];
  if (whole === "" || fraction.length > decimals(currency)) return undefined;
  return Number(whole + fraction.padEnd(decimals(currency), "0"));
}

function decimals(currency: string): number {
  if (WHOLE.includes(currency.toLowerCase())) return 0;
  return THOUSANDTHS.includes(currency.toLowerCase()) ? 3 : 2;
}
