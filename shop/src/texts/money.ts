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

function decimals(currency: string): number {
  if (WHOLE.includes(currency.toLowerCase())) return 0;
  return THOUSANDTHS.includes(currency.toLowerCase()) ? 3 : 2;
}
