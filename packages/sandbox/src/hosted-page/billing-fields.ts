import { html } from "hono/html";
import { countries } from "./countries.ts";
import { extraFields } from "./extra-fields.ts";
import type { PageView } from "./page.ts";

type Html = ReturnType<typeof html>;

/** Where the buyer is billed: a country with the means of payment, or an address of its own. */
export function billingFields(view: PageView): Html | string {
  const { copy } = view.language;
  if (!view.asksAddress) {
    return view.needsMeans ? html`<div class="field not-saved">${countryField(view)}</div>` : "";
  }
  return html`<fieldset class="group spaced address">
    <legend>${copy.billingAddress}</legend>
    <div class="field">${countryField(view)}</div>
    ${extraFields(view, "billing")}
  </fieldset>`;
}

function countryField({ language, typed }: PageView): Html {
  return html`<label for="billingCountry">${language.copy.country}</label>
    <select id="billingCountry" name="billingCountry" autocomplete="billing country">
      ${countries(language.tag).map(
        ({ code, name }) =>
          html`<option value="${code}" ${code === typed.billingCountry ? html`selected` : ""}>${name}</option>`,
      )}
    </select>`;
}
