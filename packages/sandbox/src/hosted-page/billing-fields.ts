import { html } from "hono/html";
import { countries } from "./countries.ts";
import { extraFields } from "./extra-fields.ts";
import type { PageView } from "./view.ts";

type Html = ReturnType<typeof html>;

/** Where the buyer is billed: a country with the means of payment, or an address of its own. */
export function billingFields(view: PageView): Html | string {
  const { t } = view.language;
  if (!view.asksAddress) {
    if (!view.needsMeans) return "";
    return html`<div class="field not-saved">${countryField(view)}</div>
      <div class="field not-saved">${postalCodeField(view)}</div>
      ${rememberField(view)}`;
  }
  return html`<fieldset class="group spaced address">
    <legend>${t("billingAddress")}</legend>
    <div class="field">${countryField(view)}</div>
    ${extraFields(view, "billing")}
  </fieldset>`;
}

function countryField({ language, typed }: PageView): Html {
  return html`<label for="billingCountry">${language.t("country")}</label>
    <select id="billingCountry" name="billingCountry" autocomplete="billing country">
      ${countries(language.tag).map(
        ({ code, name }) =>
          html`<option value="${code}" ${code === typed.billingCountry ? html`selected` : ""}>${name}</option>`,
      )}
    </select>`;
}

/** Most buyers can leave it empty; scripts that were written for Stripe's page fill it in. */
function postalCodeField({ language, typed }: PageView): Html {
  const { t } = language;
  return html`<label for="billingPostalCode">${t("optional", { label: t("zip") })}</label>
    <input id="billingPostalCode" name="billingPostalCode" type="text" autocomplete="billing postal-code"
      value="${typed.extras.billingPostalCode ?? ""}" />`;
}

/** Stripe's page keeps a guest's card in its wallet, which this one doesn't have: the box is there to be found. */
function rememberField({ language, typed }: PageView): Html {
  return html`<div class="field for-card">
    <label class="check">
      <input type="checkbox" class="check-box" id="enableStripePass" name="enableStripePass" value="on"
        ${typed.extras.enableStripePass ? html`checked` : ""} />
      <span>${language.t("remember")}</span>
    </label>
  </div>`;
}
