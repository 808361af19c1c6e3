import { html } from "hono/html";
import { brandMarks } from "../hosted-page/marks.ts";
import { passesLuhn, type TestCard, testCard } from "../payment-methods/test-cards.ts";
import type { Speech } from "./copy.ts";

export type CardField = "cardNumber" | "cardExpiry" | "cardCvc";
export type CardProblems = Partial<Record<CardField, string>>;

export interface TypedCard {
  number: string;
  card: TestCard;
  expiry: { month: number; year: number };
}

/** A test card, or what is wrong with it. `now` is in seconds. */
export function readCard(
  form: URLSearchParams,
  t: Speech["t"],
  now: number,
): { card: TypedCard } | { problems: CardProblems } {
  const problems: CardProblems = {};
  const number = (form.get("cardNumber") ?? "").replace(/[\s-]/g, "");
  const card = testCard(number);
  if (!passesLuhn(number)) problems.cardNumber = t("cardNumberMissing");
  else if (!card) problems.cardNumber = t("cardNumberNotTest");
  const expiry = expiryOf((form.get("cardExpiry") ?? "").trim());
  // A card is good until the end of its month.
  if (!expiry || Date.UTC(expiry.year, expiry.month, 1) / 1000 <= now)
    problems.cardExpiry = t("expiryMissing");
  const digits = card?.brand === "amex" ? 4 : 3;
  if ((form.get("cardCvc") ?? "").trim().replace(/\D/g, "").length !== digits)
    problems.cardCvc = t("cvcMissing");
  if (!card || !expiry || Object.keys(problems).length > 0) return { problems };
  return { card: { number, card, expiry } };
}

export function cardFields(t: Speech["t"], typed: URLSearchParams, problems: CardProblems) {
  return html`<div class="joined card-fields">
      <div class="field wide">
        <label for="cardNumber">${t("cardNumber")}</label>
        ${input("cardNumber", typed, problems, { autocomplete: "cc-number", placeholder: "1234 1234 1234 1234" })}
        <span class="brands" aria-hidden="true">${brandMarks()}</span>
      </div>
      <div class="field">
        <label for="cardExpiry">${t("expiry")}</label>
        ${input("cardExpiry", typed, problems, { autocomplete: "cc-exp", placeholder: "MM / YY" })}
      </div>
      <div class="field">
        <label for="cardCvc">${t("cvc")}</label>
        ${input("cardCvc", new URLSearchParams(), problems, { autocomplete: "cc-csc", maxlength: "4", placeholder: "CVC" })}
      </div>
    </div>
    ${Object.entries(problems).map(
      ([name, problem]) => html`<p class="error" id="${name}-error">${problem}</p>`,
    )}`;
}

function input(
  name: CardField,
  typed: URLSearchParams,
  problems: CardProblems,
  attributes: Record<string, string>,
) {
  const wrong = problems[name] !== undefined;
  return html`<input id="${name}" name="${name}" type="text" inputmode="numeric" value="${typed.get(name) ?? ""}"
    aria-invalid="${wrong}" ${wrong ? html`aria-describedby="${name}-error"` : ""}
    required ${Object.entries(attributes).map(([key, value]) => html` ${key}="${value}"`)} />`;
}

/** `12 / 34`, `1234` and `12/2034`. */
function expiryOf(text: string): { month: number; year: number } | undefined {
  const match = /^(\d{1,2})\s*\/?\s*(\d{4}|\d{2})$/.exec(text);
  const [month, year] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || month < 1 || month > 12) return undefined;
  return { month, year: year < 100 ? 2000 + year : year };
}
