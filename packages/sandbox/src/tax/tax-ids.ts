/** A kind of tax id that the page takes, and how it is written. */
export interface TaxIdKind {
  type: string;
  example: string;
  form: RegExp;
}

/** The numbers of the European Union's members, behind their two letters. Greece writes EL. */
const VAT: Record<string, [digits: RegExp, example: string]> = {
  AT: [/^ATU\d{8}$/, "ATU12345678"],
  BE: [/^BE[01]\d{9}$/, "BE0123456789"],
  BG: [/^BG\d{9,10}$/, "BG0123456789"],
  CY: [/^CY\d{8}[A-Z]$/, "CY12345678Z"],
  CZ: [/^CZ\d{8,10}$/, "CZ1234567890"],
  DE: [/^DE\d{9}$/, "DE123456789"],
  DK: [/^DK\d{8}$/, "DK12345678"],
  EE: [/^EE\d{9}$/, "EE123456789"],
  ES: [/^ES[A-Z0-9]\d{7}[A-Z0-9]$/, "ESA1234567Z"],
  FI: [/^FI\d{8}$/, "FI12345678"],
  FR: [/^FR[A-Z0-9]{2}\d{9}$/, "FRAB123456789"],
  GR: [/^EL\d{9}$/, "EL123456789"],
  HR: [/^HR\d{11}$/, "HR12345678912"],
  HU: [/^HU\d{8}$/, "HU12345678"],
  IE: [/^IE\d[A-Z0-9+*]\d{5}[A-Z]{1,2}$/, "IE1234567AB"],
  IT: [/^IT\d{11}$/, "IT12345678912"],
  LT: [/^LT(\d{9}|\d{12})$/, "LT123456789123"],
  LU: [/^LU\d{8}$/, "LU12345678"],
  LV: [/^LV\d{11}$/, "LV12345678912"],
  MT: [/^MT\d{8}$/, "MT12345678"],
  NL: [/^NL\d{9}B\d{2}$/, "NL123456789B12"],
  PL: [/^PL\d{10}$/, "PL1234567890"],
  PT: [/^PT\d{9}$/, "PT123456789"],
  RO: [/^RO\d{2,10}$/, "RO1234567891"],
  SE: [/^SE\d{12}$/, "SE123456789123"],
  SI: [/^SI\d{8}$/, "SI12345678"],
  SK: [/^SK\d{10}$/, "SK1234567891"],
};

const OTHERS: Record<string, TaxIdKind> = {
  GB: { type: "gb_vat", example: "GB123456789", form: /^GB(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/ },
  IN: { type: "in_gst", example: "12ABCDE3456FGZH", form: /^\d{2}[A-Z]{5}\d{4}[A-Z][A-Z0-9]{3}$/ },
  US: { type: "us_ein", example: "12-3456789", form: /^\d{2}-\d{7}$/ },
};

/** What a business in this country would write; undefined where the page takes none. */
export function taxIdKindOf(country: string): TaxIdKind | undefined {
  const vat = VAT[country];
  return vat ? { type: "eu_vat", form: vat[0], example: vat[1] } : OTHERS[country];
}

/** As it is kept: capitals, and nothing between them but what belongs there. */
export const writtenTaxId = (typed: string) => typed.toUpperCase().replaceAll(/[\s.]/g, "");

/** Whether a value may be one of this type. Only the form is looked at, and types without a known form pass. */
export function isTaxId(type: string, value: string): boolean {
  if (type === "eu_vat") return Object.values(VAT).some(([form]) => form.test(value));
  const kind = Object.values(OTHERS).find((one) => one.type === type);
  return kind?.form.test(value) ?? true;
}
