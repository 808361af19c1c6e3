import { html } from "hono/html";
import type { Problems } from "./entered.ts";
import type { Field, Typed } from "./form.ts";
import { bankMark, brandMarks, cardMark, cashMark } from "./marks.ts";
import type { PageView } from "./view.ts";

type Html = ReturnType<typeof html>;

/** How it is paid: card, bank or cash, and whose. Styles show the fields of the one that is chosen. */
export function meansFields(view: PageView): Html {
  const { language, typed, problems, bank, savedCards } = view;
  const { t } = language;
  const [first] = savedCards;
  const wanted = typed.paymentMethod || (first?.id ?? "card");
  const choice = (value: string, mark: Html, label: string, note = "") =>
    html`<label class="choice" data-testid="${value}-accordion-item">
      <input type="radio" name="paymentMethod" value="${value}" ${value === wanted ? html`checked` : ""} />
      ${mark} <span>${label}</span> ${note && html`<span class="choice-note">${note}</span>`}
    </label>`;
  return html`<fieldset class="group methods">
      <legend>${t("paymentMethod")}</legend>
      <div class="choices ${savedCards.length > 0 ? "stacked" : ""}">
        ${savedCards.map((card) => choice(card.id, cardMark(), card.label, card.expiry))}
        ${choice("card", cardMark(), savedCards.length > 0 ? t("newCard") : t("card"))}
        ${bank ? choice(bank, bankMark(), t("bankDebit")) : ""}
        ${view.redirects.map((type) => choice(type, bankMark(), t(type)))}
        ${view.offersVoucher ? choice("oxxo", cashMark(), t("voucher")) : ""}
      </div>
    </fieldset>
    ${cardFields(view)}
    ${
      bank
        ? html`<div class="field for-bank">
            <label for="bankAccount">${bank === "sepa_debit" ? t("bankIban") : t("bankAccount")}</label>
            ${input("bankAccount", typed, problems, {
              placeholder: bank === "sepa_debit" ? "AT61 1904 3002 3457 3201" : "000123456789",
            })}
            ${error("bankAccount", problems)}
            <p class="hint">${bank === "sepa_debit" ? t("bankIbanHint") : t("bankAccountHint")}</p>
          </div>`
        : ""
    }
    ${view.offersVoucher ? html`<p class="hint for-voucher">${t("voucherHint")}</p>` : ""}
    ${view.redirects.map((type) => html`<p class="hint for-redirect for-${type}">${t(`${type}Hint`)}</p>`)}
    <div class="field not-saved">
      <label for="billingName">
        <span class="for-card">${t("nameOnCard")}</span>${bank ? html`<span class="for-bank">${t("nameOnAccount")}</span>` : ""}${view.offersVoucher ? html`<span class="for-voucher">${t("nameHint")}</span>` : ""}${view.redirects.map((type) => html`<span class="for-redirect for-${type}">${t("nameHint")}</span>`)}
      </label>
      ${input("billingName", typed, problems, { autocomplete: "cc-name", placeholder: t("nameHint") })}
      ${error("billingName", problems)}
    </div>`;
}

function cardFields({ language, typed, problems }: PageView): Html {
  const { t } = language;
  return html`<fieldset class="group for-card">
  <legend>${t("cardInformation")}</legend>
  <div class="joined">
    <div class="field wide">
      <label for="cardNumber" class="visually-hidden">${t("cardNumber")}</label>
      ${input("cardNumber", typed, problems, {
        autocomplete: "cc-number",
        inputmode: "numeric",
        placeholder: "1234 1234 1234 1234",
      })}
      <span class="brands" data-brands aria-hidden="true">${brandMarks()}</span>
    </div>
    <div class="field">
      <label for="cardExpiry" class="visually-hidden">${t("expiry")}</label>
      ${input("cardExpiry", typed, problems, {
        autocomplete: "cc-exp",
        inputmode: "numeric",
        placeholder: t("expiryHint"),
      })}
    </div>
    <div class="field">
      <label for="cardCvc" class="visually-hidden">${t("cvc")}</label>
      ${input("cardCvc", { ...typed, cardCvc: "" }, problems, {
        autocomplete: "cc-csc",
        inputmode: "numeric",
        placeholder: t("cvc"),
        maxlength: "4",
      })}
    </div>
  </div>
  ${error("cardNumber", problems)} ${error("cardExpiry", problems)} ${error("cardCvc", problems)}
</fieldset>`;
}

export function input(
  name: Field,
  typed: Typed,
  problems: Problems,
  attributes: Record<string, string>,
): Html {
  const wrong = problems[name] !== undefined;
  const all = { type: "text", ...attributes };
  return html`<input id="${name}" name="${name}" value="${typed[name]}" aria-describedby="${name}-error"
    aria-invalid="${wrong}" required ${Object.entries(all).map(([key, value]) => html` ${key}="${value}"`)} />`;
}

export function error(name: string, problems: Problems): Html {
  const problem = problems[name];
  return html`<p class="error" id="${name}-error" aria-live="polite" ${problem ? "" : html`hidden`}>${problem}</p>`;
}
