const CODES =
  "AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CG CH CI CL CM CN CO CR CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FO FR GA GB GD GE GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IS IT JE JM JO JP KE KG KH KI KM KN KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MQ MR MS MT MU MV MW MX MY MZ NA NC NE NG NI NL NO NP NZ OM PA PE PG PH PK PL PR PS PT PY QA RE RO RS RU RW SA SB SC SE SG SI SK SL SM SN SO SR ST SV SX SZ TC TD TG TH TJ TM TN TO TR TT TW TZ UA UG US UY UZ VA VC VE VG VN VU WS XK YE YT ZA ZM ZW".split(
    " ",
  );

const BY_CURRENCY: Record<string, string> = {
  inr: "IN",
  usd: "US",
  gbp: "GB",
  eur: "DE",
  jpy: "JP",
  aud: "AU",
  cad: "CA",
};

const lists = new Map<string, { code: string; name: string }[]>();

/** Countries by their names in a language. */
export function countries(tag: string): { code: string; name: string }[] {
  const known = lists.get(tag);
  if (known) return known;
  const names = new Intl.DisplayNames(tag, { type: "region" });
  const list = CODES.map((code) => ({ code, name: names.of(code) ?? code })).sort((one, other) =>
    one.name.localeCompare(other.name, tag),
  );
  lists.set(tag, list);
  return list;
}

/** A first guess: the browser's region, else where the currency is at home. */
export function likelyCountry(acceptLanguage: string, currency: string): string {
  const region = /^[a-z]{2,3}-([A-Z]{2})\b/.exec(acceptLanguage)?.[1];
  return BY_CURRENCY[currency] ?? (region && CODES.includes(region) ? region : "US");
}
