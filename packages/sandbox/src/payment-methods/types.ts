import { invalid } from "../api/errors.ts";

/**
 * Every type that the API knows, with the currencies it can be paid in
 * (docs.stripe.com/payments/payment-methods/payment-method-support). `*` are all.
 */
const CURRENCIES_OF: Record<string, string> = {
  card: "*",
  acss_debit: "cad usd",
  affirm: "cad usd",
  afterpay_clearpay: "aud cad gbp nzd usd",
  alipay: "aud cad cny eur gbp hkd jpy myr nzd sgd usd",
  alma: "eur",
  amazon_pay: "aud chf dkk eur gbp hkd jpy nok nzd sek usd zar",
  au_becs_debit: "aud",
  bacs_debit: "gbp",
  bancontact: "eur",
  billie: "eur gbp",
  bizum: "eur",
  blik: "pln",
  boleto: "brl",
  cashapp: "usd",
  crypto: "usd",
  customer_balance: "eur gbp jpy mxn usd",
  eps: "eur",
  fpx: "myr",
  giropay: "eur",
  grabpay: "myr sgd",
  ideal: "eur",
  kakao_pay: "krw",
  klarna: "aud cad chf czk dkk eur gbp nok nzd pln ron sek usd",
  konbini: "jpy",
  kr_card: "krw",
  link: "*",
  mb_way: "eur",
  mobilepay: "dkk eur nok sek",
  multibanco: "eur",
  naver_pay: "krw",
  nz_bank_account: "nzd",
  // In every currency, so that a shop in any of them can try a debit and a voucher.
  oxxo: "*",
  p24: "eur pln",
  pay_by_bank: "gbp",
  payco: "krw",
  paynow: "sgd",
  paypal: "aud cad chf czk dkk eur gbp hkd nok nzd pln sek sgd usd",
  paypay: "jpy",
  payto: "aud",
  pix: "brl",
  promptpay: "thb",
  revolut_pay: "eur gbp ron usd",
  samsung_pay: "krw",
  satispay: "eur",
  scalapay: "eur",
  sepa_debit: "eur",
  sequra: "eur",
  sofort: "eur",
  sunbit: "usd",
  swish: "sek",
  twint: "chf",
  upi: "inr",
  us_bank_account: "*",
  wechat_pay: "aud cad cny eur gbp hkd jpy sgd usd",
  zip: "aud usd",
};

/** What the sandbox can be paid with. `link` is a wallet of cards: its buyers enter their card. */
const BUILT = ["card", "customer_balance", "ideal", "link", "oxxo", "sepa_debit", "upi", "us_bank_account"];
/** What of it can be charged again without its owner. */
const KEPT = ["card", "link", "sepa_debit", "us_bank_account"];

export interface Wanted {
  /** A filter: what is impossible is left out (`allowed_payment_method_types`). */
  allowed?: readonly string[] | undefined;
  excluded?: readonly string[] | undefined;
  /** Whether the list was called `payment_method_types`, which is no filter: all of it must be possible. */
  strictly: boolean;
}

/** Whether this version still calls the list `payment_method_types`. */
export const namesTypes = (version: string) => version < "2026-09-30";

/** What a payment offers that names no types. */
const OFFERED = ["card", "us_bank_account"];

interface Named {
  allowed_payment_method_types?: string[] | null | undefined;
  excluded_payment_method_types?: string[] | null | undefined;
}

/** What a payment shows of its types, once others were named. */
export function typesNamed(old: Named & { currency: string }, given: Named, version: string) {
  if (!given.allowed_payment_method_types && !given.excluded_payment_method_types) return {};
  const allowed = given.allowed_payment_method_types ?? old.allowed_payment_method_types ?? undefined;
  const excluded = given.excluded_payment_method_types ?? old.excluded_payment_method_types ?? undefined;
  const wanted = { allowed, excluded, strictly: namesTypes(version) };
  return {
    ...(allowed && { allowed_payment_method_types: allowed, automatic_payment_methods: null }),
    ...(excluded && { excluded_payment_method_types: excluded }),
    payment_method_types: offeredTypes(OFFERED, wanted, old.currency),
  };
}

/** The types that remain of those that are `offered`, or the refusal of one that can't be. */
export const offeredTypes = (offered: readonly string[], wanted: Wanted, currency: string): string[] =>
  typesLeft(offered, wanted, (type) => canPay(type, currency));

/** The same of what is kept for later, in no currency yet. */
export const savedTypes = (wanted: Wanted): string[] =>
  typesLeft(["card"], wanted, (type) => KEPT.includes(type));

/** Types that are named one by one, where the list is no filter: each of them has to be possible. */
export function possibleTypes(types: string[], currency: string, param: string): string[] {
  checkKnown(types, param);
  for (const type of types) if (!canPay(type, currency)) throw impossible(type, param);
  return types;
}

function typesLeft(
  offered: readonly string[],
  { allowed, excluded, strictly }: Wanted,
  can: (type: string) => boolean,
): string[] {
  const param = strictly ? "payment_method_types" : "allowed_payment_method_types";
  checkKnown(allowed, param);
  checkKnown(excluded, "excluded_payment_method_types");
  const lost = strictly ? allowed?.find((type) => !can(type)) : undefined;
  if (lost) throw impossible(lost, param);
  const candidates = allowed ? allowed.filter(can) : offered;
  const left = candidates.filter((type) => !excluded?.includes(type));
  if (left.length === 0) throw invalid(NONE_LEFT, param);
  return left;
}

function checkKnown(types: readonly string[] | undefined, param: string): void {
  for (const [place, type] of (types ?? []).entries()) {
    if (Object.hasOwn(CURRENCIES_OF, type)) continue;
    const names = Object.keys(CURRENCIES_OF);
    const list = `${names.slice(0, -1).join(", ")}, or ${names.at(-1)}`;
    throw invalid(`Invalid ${param}[${place}]: must be one of ${list}`, `${param}[${place}]`);
  }
}

const impossible = (type: string, param: string) =>
  invalid(
    `The payment method type provided: ${type} is invalid. Please ensure the provided type is activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any preview features that you are trying to use. See https://stripe.com/docs/payments/payment-methods/integration-options for supported payment method, currency, and country combinations.`,
    param,
    "payment_intent_invalid_parameter",
  );

function canPay(type: string, currency: string): boolean {
  const currencies = CURRENCIES_OF[type] ?? "";
  return BUILT.includes(type) && (currencies === "*" || currencies.split(" ").includes(currency));
}

const NONE_LEFT =
  "No valid payment method types for this Checkout Session. Please ensure that you have activated payment methods compatible with your chosen currency in your dashboard (https://dashboard.stripe.com/settings/payment_methods) or specify payment_method_types.";
