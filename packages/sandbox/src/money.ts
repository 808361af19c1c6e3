/** What can be charged in (docs.stripe.com/currencies), in the order in which Stripe lists it. */
export const CURRENCIES: ReadonlySet<string> = new Set(
  "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mro mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx usdc uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw".split(
    " ",
  ),
);

/**
 * Currencies whose amounts are whole units: 500 is ¥500, not ¥5. Ugandan shillings and Icelandic krónur aren't among them: they have no
 * decimals, and Stripe takes 500 for five of them all the same (docs.stripe.com/currencies, special cases).
 */
const ZERO_DECIMAL = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" "));
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
