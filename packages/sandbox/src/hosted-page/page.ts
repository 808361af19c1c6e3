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
      <section class="form-column" aria-label="${language.copy.paymentMethod}">${form(view)}</section>`,
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
  const { copy } = language;
  return html`<form method="post" action="${view.action}" novalidate class="checkout-form" data-session="${view.session}" data-tax="${view.tax}" data-somethingwrong="${copy.somethingWrong}"
    data-number-invalid="${copy.numberInvalid}" data-expiry-invalid="${copy.expiryInvalid}"
    data-expiry-past="${copy.expiryPast}" data-cvc-invalid="${copy.cvcInvalid}" data-email-invalid="${copy.emailInvalid}"
    data-bank="${copy.challengeBank}" data-complete="${copy.challengeComplete}" data-fail="${copy.challengeFail}" data-sandbox="${copy.sandbox}">
    <p class="message" role="alert" tabindex="-1" data-message ${view.message ? "" : html`hidden`}>${view.message}</p>
    <fieldset class="group spaced">
      <legend>${copy.contact}</legend>
      <div class="field">
        <label for="email">${copy.email}</label>
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
    <button type="submit" class="submit" value="Pay" data-testid="hosted-payment-submit-button" data-processing="${copy.processing}"
      data-paid="${copy.paid}">
      <span class="submit-text">${summary.button}</span>
      <span class="submit-wait" aria-hidden="true">${spinner()}</span>
      <span class="submit-done" aria-hidden="true">${tick()}</span>
    </button>
    <p class="visually-hidden" role="status" aria-live="polite" data-status></p>
    ${view.notes.submit && html`<p class="terms">${view.notes.submit}</p>`}
    ${summary.terms && html`<p class="terms" data-terms>${summary.terms}</p>`}
    ${view.needsMeans ? testCards(language) : ""}
  </form>`;
}

function testCards({ copy }: Language): Html {
  const cards = [
    ["4242 4242 4242 4242", copy.testCardSucceeds],
    ["4000 0000 0000 0002", copy.testCardDeclined],
    ["4000 0000 0000 9995", copy.testCardNoFunds],
    ["4000 0000 0000 3220", copy.testCardChallenge],
  ] as const;
  return html`<details class="test-cards">
    <summary>${copy.testCards}</summary>
    <ul>
      ${cards.map(
        ([number, outcome]) =>
          html`<li><button type="button" data-card="${number}">${number}</button> ${outcome}</li>`,
      )}
    </ul>
  </details>`;
}
