import { html } from "hono/html";
import { type Language, say } from "./copy.ts";
import { error, input, meansFields } from "./fields.ts";
import type { Problems, Typed } from "./form.ts";
import { arrow, lock, spinner, tick } from "./marks.ts";
import type { Summary } from "./summary.ts";

export interface PageView {
  language: Language;
  /** Where the form goes. The page's own address won't do: browsers carry its `#…` over to the success URL. */
  action: string;
  summary: Summary;
  typed: Typed;
  problems: Problems;
  /** A refusal of the bank, or anything else that is not about one field. */
  message: string | null;
  emailLocked: boolean;
  needsMeans: boolean;
  offersBank: boolean;
  cancelUrl: string | null;
  accent: string;
}

type Html = ReturnType<typeof html>;

export function checkoutPage(view: PageView): Html {
  const { language, summary } = view;
  return layout(
    language,
    `${summary.shop} · ${summary.headline}`,
    view.accent,
    html`<main class="checkout">
      ${overviewColumn(view)}
      <section class="form-column" aria-label="${language.copy.paymentMethod}">${form(view)}</section>
    </main>`,
  );
}

export function layout(language: Language, title: string, accent: string, content: Html): Html {
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
      </head>
      <body style="--accent: ${accent}">
        ${content}
      </body>
    </html>`;
}

function overviewColumn({ language, summary, cancelUrl }: PageView): Html {
  const { copy } = language;
  const mark = html`<span class="shop-mark" aria-hidden="true">${summary.shop.slice(0, 1).toUpperCase()}</span>`;
  return html`<section class="summary" aria-label="${summary.title}">
    <header class="shop">
      ${
        cancelUrl
          ? html`<a class="back" href="${cancelUrl}">
              ${arrow()} ${mark} <span class="shop-name" aria-hidden="true">${summary.shop}</span>
              <span class="visually-hidden">${say(copy.back, { shop: summary.shop })}</span>
            </a>`
          : html`<span class="back">${mark} <span class="shop-name">${summary.shop}</span></span>`
      }
      <span class="badge">${copy.sandbox}</span>
    </header>
    <h1 class="title">${summary.title}</h1>
    <p class="headline"><strong>${summary.headline}</strong> ${summary.rhythm && html`<span>${summary.rhythm}</span>`}</p>
    <ul class="lines">
      ${summary.lines.map(
        (line) => html`<li>
          <span class="tile" aria-hidden="true">${line.name.slice(0, 1).toUpperCase()}</span>
          <span class="line-text">
            <span class="line-name">${line.name}</span>
            ${line.description && html`<span class="line-note">${line.description}</span>`}
            ${
              line.quantity > 1
                ? html`<span class="line-note">${say(copy.quantity, { count: line.quantity })} · ${line.each}</span>`
                : ""
            }
          </span>
          <span class="line-amount">${line.amount}</span>
        </li>`,
      )}
    </ul>
    <dl class="totals">
      <div><dt>${copy.subtotal}</dt><dd>${summary.subtotal}</dd></div>
      <div class="total"><dt>${summary.totalLabel}</dt><dd>${summary.total}</dd></div>
    </dl>
    <p class="sandbox-note">${copy.sandboxNote}</p>
  </section>`;
}

function form(view: PageView): Html {
  const { language, summary, typed, problems, emailLocked } = view;
  const { copy } = language;
  return html`<form method="post" action="${view.action}" novalidate class="checkout-form" data-somethingwrong="${copy.somethingWrong}"
    data-number-invalid="${copy.numberInvalid}" data-expiry-invalid="${copy.expiryInvalid}"
    data-expiry-past="${copy.expiryPast}" data-cvc-invalid="${copy.cvcInvalid}" data-email-invalid="${copy.emailInvalid}">
    <p class="message" role="alert" tabindex="-1" data-message ${view.message ? "" : html`hidden`}>${view.message}</p>
    <fieldset class="group">
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
    </fieldset>
    ${view.needsMeans ? meansFields(view) : ""}
    <button type="submit" class="submit" data-testid="hosted-payment-submit-button" data-processing="${copy.processing}"
      data-paid="${copy.paid}">
      <span class="submit-text">${summary.button}</span>
      <span class="submit-wait" aria-hidden="true">${spinner()}</span>
      <span class="submit-done" aria-hidden="true">${tick()}</span>
    </button>
    <p class="visually-hidden" role="status" aria-live="polite" data-status></p>
    ${summary.terms && html`<p class="terms">${summary.terms}</p>`}
    ${view.needsMeans ? testCards(language) : ""}
  </form>`;
}

function testCards({ copy }: Language): Html {
  const cards = [
    ["4242 4242 4242 4242", copy.testCardSucceeds],
    ["4000 0000 0000 0002", copy.testCardDeclined],
    ["4000 0000 0000 9995", copy.testCardNoFunds],
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
