import { html } from "hono/html";
import type { Extra } from "./extras.ts";
import { error } from "./fields.ts";
import type { PageView } from "./view.ts";

type Html = ReturnType<typeof html>;

/** The fields of one part of the form that the shop asked for. */
export function extraFields(view: PageView, part: Extra["part"]): Html {
  const fields = view.extras.filter((extra) => extra.part === part);
  return html`${fields.map((extra) => field(view, extra))}`;
}

export function shippingFields(view: PageView): Html | string {
  if (!view.extras.some(({ part }) => part === "shipping")) return "";
  const { t } = view.language;
  return html`<fieldset class="group spaced address">
    <legend>${t("shippingAddress")}</legend>
    ${extraFields(view, "shipping")}
    ${view.notes.shipping && html`<p class="hint">${view.notes.shipping}</p>`}
  </fieldset>`;
}

function field({ typed, problems }: PageView, extra: Extra): Html {
  const { name, label, kind, options, autocomplete } = extra;
  const value = typed.extras[name] ?? extra.initial;
  const wrong = problems[name] !== undefined;
  if (kind === "checkbox") {
    return html`<div class="field">
      <label class="check">
        <input type="checkbox" class="check-box" id="${name}" name="${name}" value="on" aria-describedby="${name}-error"
          aria-invalid="${wrong}" ${value ? html`checked` : ""} />
        <span>${label}</span>
      </label>
      ${error(name, problems)}
    </div>`;
  }
  const control =
    kind === "select"
      ? html`<select id="${name}" name="${name}" autocomplete="${autocomplete}" aria-describedby="${name}-error"
          aria-invalid="${wrong}">
          ${options.map(
            (option) =>
              html`<option value="${option.value}" ${option.value === value ? html`selected` : ""}>${option.label}</option>`,
          )}
        </select>`
      : html`<input id="${name}" name="${name}" type="${kind}" value="${value}" autocomplete="${autocomplete}"
          aria-describedby="${name}-error" aria-invalid="${wrong}" ${extra.limits?.numeric ? html`inputmode="numeric"` : ""} />`;
  return html`<div class="${extra.half ? "field half" : "field"}">
    <label for="${name}">${label}</label>
    ${control} ${error(name, problems)}
  </div>`;
}
