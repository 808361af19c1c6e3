/** Currencies whose amounts are whole units: 500 is ¥500, not ¥5. */
const ZERO_DECIMAL = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split(" "));
const THREE_DECIMAL = new Set(["bhd", "jod", "kwd", "omr", "tnd"]);

/** The least a card can be charged, in the currency's smallest unit. Others are held to fifty hundredths. */
const MINIMUM: Record<string, number> = {
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  krw: 500,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
};

export const minimumOf = (currency: string) => MINIMUM[currency] ?? 50;

export function decimalsOf(currency: string): number {
  if (ZERO_DECIMAL.has(currency)) return 0;
  return THREE_DECIMAL.has(currency) ? 3 : 2;
}

/**
 * What an amount must be a multiple of to be charged. Three-decimal currencies are written in thousandths and charged in
 * hundredths (docs.stripe.com/currencies#three-decimal).
 */
export const chargeableUnit = (currency: string) => (THREE_DECIMAL.has(currency) ? 10 : 1);

/** `₹499.00`, as the reader's language writes it. */
export function formatMoney(amount: number, currency: string, locale = "en"): string {
  const decimals = decimalsOf(currency);
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: currency.toUpperCase(),
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(amount / 10 ** decimals);
}

/** Amount of a quantity at a price that may be finer than the currency's smallest unit. */
export function amountFor(
  price: { unit_amount: number | null; unit_amount_decimal: string | null },
  quantity: number,
) {
  if (price.unit_amount !== null) return price.unit_amount * quantity;
  return Math.round(Number(price.unit_amount_decimal ?? 0) * quantity);
}
