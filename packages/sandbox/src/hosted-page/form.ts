import type { Redirect } from "../payment-methods/method.ts";
import { isAccountNumber, isIban } from "../payment-methods/test-accounts.ts";
import { passesLuhn, type TestCard, testCard } from "../payment-methods/test-cards.ts";
import type { Language } from "./copy.ts";
import { checkExtras, type Problems } from "./entered.ts";
import type { Extra } from "./extras.ts";

/** What was typed. The names are those of the inputs. */
export interface Typed {
  email: string;
  paymentMethod: string;
  cardNumber: string;
  cardExpiry: string;
  cardCvc: string;
  billingName: string;
  billingCountry: string;
  bankAccount: string;
  /** What was typed into the fields that the shop asked for, by their names. */
  extras: Record<string, string>;
}

export type Field = Exclude<keyof Typed, "extras">;

export type Means =
  | { type: "card"; number: string; card: TestCard; expiry: { month: number; year: number } }
  | { type: "bank"; account: string }
  | { type: "voucher" }
  | { type: "redirect"; method: Redirect }
  | { type: "saved"; id: string }
  | { type: "none" };

export type Checked =
  | { ok: true; means: Means; email: string; name: string }
  | { ok: false; problems: Problems };

export const EMPTY: Typed = {
  email: "",
  paymentMethod: "card",
  cardNumber: "",
  cardExpiry: "",
  cardCvc: "",
  billingName: "",
  billingCountry: "",
  bankAccount: "",
  extras: {},
};

/** What this session's page asks for. */
export interface Ask {
  email: boolean;
  means: boolean;
  bank: "sepa_debit" | "us_bank_account" | null;
  voucher: boolean;
  redirects: readonly Redirect[];
  /** Cards that the customer used before, by id. */
  saved: readonly string[];
  extras: readonly Extra[];
}

export function typedFrom(form: URLSearchParams): Typed {
  const value = (name: Field) => (form.get(name) ?? "").trim();
  return {
    email: value("email"),
    paymentMethod: value("paymentMethod") || "card",
    cardNumber: value("cardNumber"),
    cardExpiry: value("cardExpiry"),
    cardCvc: value("cardCvc"),
    billingName: value("billingName"),
    billingCountry: value("billingCountry").slice(0, 2),
    bankAccount: value("bankAccount"),
    extras: Object.fromEntries([...form].map(([name, typed]) => [name, typed.trim()])),
  };
}

/** `now` is in seconds. */
export function check(typed: Typed, ask: Ask, t: Language["t"], now: number): Checked {
  const problems: Problems = {};
  if (ask.email) {
    if (typed.email === "") problems.email = t("emailMissing");
    else if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed.email)) problems.email = t("emailInvalid");
  }
  const means = ask.means ? meansOf(typed, ask, t, now, problems) : ({ type: "none" } as const);
  if (ask.means && means?.type !== "saved" && typed.billingName === "") {
    problems.billingName = t("nameMissing");
  }
  checkExtras(ask.extras, typed.extras, problems, t);
  if (!means || Object.keys(problems).length > 0) return { ok: false, problems };
  return { ok: true, means, email: typed.email, name: typed.billingName };
}

function meansOf(
  typed: Typed,
  ask: Ask,
  t: Language["t"],
  now: number,
  problems: Problems,
): Means | undefined {
  if (ask.saved.includes(typed.paymentMethod)) return { type: "saved", id: typed.paymentMethod };
  const redirect = ask.redirects.find((type) => type === typed.paymentMethod);
  if (redirect) return { type: "redirect", method: redirect };
  if (ask.voucher && typed.paymentMethod === "oxxo") return { type: "voucher" };
  if (ask.bank && typed.paymentMethod === ask.bank) {
    const account = typed.bankAccount.replace(/\s/g, "").toUpperCase();
    const sepa = ask.bank === "sepa_debit";
    if (sepa ? isIban(account) : isAccountNumber(account)) return { type: "bank", account };
    problems.bankAccount = sepa ? t("ibanInvalid") : t("accountInvalid");
    return undefined;
  }
  const number = typed.cardNumber.replace(/[\s-]/g, "");
  const card = testCard(number);
  if (number === "") problems.cardNumber = t("numberMissing");
  else if (!passesLuhn(number)) problems.cardNumber = t("numberInvalid");
  else if (!card) problems.cardNumber = t("numberNotTest");
  const expiry = expiryOf(typed.cardExpiry);
  if (typed.cardExpiry === "") problems.cardExpiry = t("expiryMissing");
  else if (!expiry) problems.cardExpiry = t("expiryInvalid");
  else if (isPast(expiry, now)) problems.cardExpiry = t("expiryPast");
  const digits = card?.brand === "amex" ? 4 : 3;
  if (typed.cardCvc === "") problems.cardCvc = t("cvcMissing");
  else if (!new RegExp(`^\\d{${digits}}$`).test(typed.cardCvc)) problems.cardCvc = t("cvcInvalid");
  return card && expiry ? { type: "card", number, card, expiry } : undefined;
}

/** `12 / 34`, `1234` and `12/2034`. */
function expiryOf(text: string): { month: number; year: number } | undefined {
  const match = /^(\d{1,2})\s*\/?\s*(\d{4}|\d{2})$/.exec(text);
  const [month, year] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || month < 1 || month > 12) return undefined;
  return { month, year: year < 100 ? 2000 + year : year };
}

/** A card is good until the end of its month. */
function isPast({ month, year }: { month: number; year: number }, now: number): boolean {
  return Date.UTC(year, month, 1) / 1000 <= now;
}
