import { html } from "hono/html";
import { billingFields } from "./billing-fields.ts";
import type { Language } from "./copy.ts";
import { extraFields, shippingFields } from "./extra-fields.ts";
import { error, input, meansFields } from "./fields.ts";
import { lock, spinner, tick } from "./marks.ts";
import { orderColumn } from "./order.ts";
import type { PageView } from "./view.ts";

type Html = ReturnType<typeof html>;

export function checkoutPage(view: PageView): Html {
  const { language, summary } = view;
  const { accent, embedded } = view;
  const title = `${summary.shop} · ${summary.headline}`;
  return layout(
    language,
    { accent, embedded, kind: "checkout", title },
    html`${orderColumn(view)}
      <section class="form-column" aria-label="${language.t("paymentMethod")}">${form(view)}</section>`,
  );
}

interface Frame {
  accent: string;
  embedded: boolean;
  kind: "checkout" | "closed";
  title: string;
}

export function layout(language: Language, { accent, embedded, kind, title }: Frame, content: Html): Html {
  // In a frame the page around it has the main landmark already.
  const main = embedded
    ? html`<div class="${kind}">${content}</div>`
    : html`<main class="${kind}">${content}</main>`;
  return html`<!doctype html>
    <html lang="${language.tag}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/c/assets/checkout.css" />
        <script type="module" src="/c/assets/checkout.js"></script>
        ${embedded ? html`<script type="module" src="/c/assets/frame.js"></script>` : ""}
      </head>
      <body style="--accent: ${accent}" ${embedded ? html`class="embedded"` : ""}>
        ${main}
      </body>
    </html>`;
}

function form(view: PageView): Html {
  const { language, summary, typed, problems, emailLocked } = view;
  const { t } = language;
  return html`<form method="post" action="${view.action}" novalidate class="checkout-form" data-session="${view.session}" data-tax="${view.tax}" data-somethingwrong="${t("somethingWrong")}"
    data-number-invalid="${t("numberInvalid")}" data-expiry-invalid="${t("expiryInvalid")}"
    data-expiry-past="${t("expiryPast")}" data-cvc-invalid="${t("cvcInvalid")}" data-email-invalid="${t("emailInvalid")}"
    data-bank="${t("challengeBank")}" data-complete="${t("challengeComplete")}" data-fail="${t("challengeFail")}" data-sandbox="${t("sandbox")}">
    <p class="message" role="alert" tabindex="-1" data-message ${view.message ? "" : html`hidden`}>${view.message}</p>
    <fieldset class="group spaced">
      <legend>${t("contact")}</legend>
      <div class="field">
        <label for="email">${t("email")}</label>
        ${
          emailLocked
            ? html`<input id="email" name="email" type="email" value="${typed.email}" readonly class="locked"
                autocomplete="email" /><span class="lock">${lock()}</span>`
            : input("email", typed, problems, {
                type: "email",
                autocomplete: "email",
                placeholder: "email@example.com",
              })
        }
        ${error("email", problems)}
      </div>
      ${extraFields(view, "contact")}
    </fieldset>
    ${shippingFields(view)}
    ${view.needsMeans ? meansFields(view) : ""} ${billingFields(view)}
    ${extraFields(view, "shop")} ${extraFields(view, "consent")}
    ${view.notes.submit && html`<p class="terms">${view.notes.submit}</p>`}
    <button type="submit" class="submit" value="Pay" data-testid="hosted-payment-submit-button" data-processing="${t("processing")}"
      data-paid="${t("paid")}">
      <span class="submit-text">${summary.button}</span>
      <span class="submit-wait" aria-hidden="true">${spinner()}</span>
      <span class="submit-done" aria-hidden="true">${tick()}</span>
    </button>
    <p class="visually-hidden" role="status" aria-live="polite" data-status></p>
    ${view.notes.afterSubmit && html`<p class="terms">${view.notes.afterSubmit}</p>`}
    ${summary.terms && html`<p class="terms" data-terms>${summary.terms}</p>`}
    ${view.needsMeans ? testCards(language) : ""}
  </form>`;
}

function testCards({ t }: Language): Html {
  const cards = [
    ["4242 4242 4242 4242", t("testCardSucceeds")],
    ["4000 0000 0000 0002", t("testCardDeclined")],
    ["4000 0000 0000 9995", t("testCardNoFunds")],
    ["4000 0000 0000 3220", t("testCardChallenge")],
  ] as const;
  return html`<details class="test-cards">
    <summary>${t("testCards")}</summary>
    <ul>
      ${cards.map(
        ([number, outcome]) =>
          html`<li><button type="button" data-card="${number}">${number}</button> ${outcome}</li>`,
      )}
    </ul>
  </details>`;
}
