import { html } from "hono/html";
import { amountControl } from "./amount.ts";
import type { Language } from "./copy.ts";
import { arrow } from "./marks.ts";
import { shopName, tile } from "./pictures.ts";
import type { Summary, SummaryLine } from "./summary.ts";

type Html = ReturnType<typeof html>;

export interface OrderView {
  language: Language;
  /** Where the page's forms go. */
  action: string;
  summary: Summary;
  cancelUrl: string | null;
  /** A code that was typed and refused, and why. */
  code?: { typed: string; problem: string } | null;
  /** An amount of the buyer's own that was refused, and why. */
  amount?: { typed: string; problem: string } | null;
}

/**
 * The left column: what is bought and what it costs. Its small forms change the order; the script sends them without a
 * reload and puts the answer, this column anew, in its place.
 */
export function orderColumn(view: OrderView): Html {
  const { summary } = view;
  return html`<section class="summary" aria-label="${summary.title}">${orderContent(view)}</section>`;
}

export function orderContent(view: OrderView): Html {
  const { language, summary, cancelUrl } = view;
  const { t } = language;
  const shop = shopName(summary.shop, summary.mark);
  return html`<header class="shop">
      ${
        cancelUrl
          ? html`<a class="back" href="${cancelUrl}">
              ${arrow()} <span class="back-to" aria-hidden="true">${shop}</span>
              <span class="visually-hidden">${t("back", { shop: summary.shop })}</span>
            </a>`
          : html`<span class="back">${shop}</span>`
      }
      <span class="badge">${t("sandbox")}</span>
    </header>
    <h1 class="title">${summary.title}</h1>
    <p class="headline" aria-live="polite"><strong>${summary.headline}</strong> ${summary.rhythm && html`<span>${summary.rhythm}</span>`}</p>
    ${
      summary.lines.length > 0
        ? html`<ul class="lines">${summary.lines.map((line) => lineItem(view, line))}</ul>
            ${offers(view)}${shippingChoices(view)}${totals(view)}`
        : ""
    }
    <p class="sandbox-note">${t("sandboxNote")}</p>`;
}

function lineItem(view: OrderView, line: SummaryLine): Html {
  const { t } = view.language;
  return html`<li>
    ${tile(line.name, line.picture)}
    <span class="line-text">
      <span class="line-name">${line.name}</span>
      ${line.description && html`<span class="line-note">${line.description}</span>`}
      ${
        line.quantity > 1 && !line.limits
          ? html`<span class="line-note">${t("quantity", { count: line.quantity })} · ${line.each}</span>`
          : ""
      }
      ${line.choice ? amountControl(view.action, view.language, line.choice, view.amount ?? null) : ""}
      ${line.limits ? quantityControl(view, line, line.limits) : ""}
      ${
        line.offer
          ? html`<form method="post" action="${view.action}/offer" data-live>
              <button class="quiet" name="drop" value="${line.offer}" aria-label="${t("offerDrop")}: ${line.name}">${t("offerDrop")}</button>
            </form>`
          : ""
      }
    </span>
    <span class="line-amount">${line.amount}</span>
  </li>`;
}

function quantityControl(
  { action, language }: OrderView,
  line: SummaryLine,
  { minimum, maximum }: { minimum: number; maximum: number },
): Html {
  const { t } = language;
  const { quantity, id } = line;
  const step = (to: number, sign: string, label: string, allowed: boolean) =>
    html`<button name="quantity" value="${id}=${to}" aria-label="${label}: ${line.name}" ${allowed ? "" : html`disabled`}>${sign}</button>`;
  return html`<form class="stepper" method="post" action="${action}/quantity" data-live>
    ${step(quantity - 1, "−", t("less"), quantity > minimum)}
    <output>${quantity}</output>
    ${step(quantity + 1, "+", t("more"), quantity < maximum)}
    ${line.each && html`<span class="line-note">${line.each}</span>`}
  </form>`;
}

/** What the shop offers besides, each with a button that adds it. */
function offers({ action, language, summary }: OrderView): Html | string {
  const { t } = language;
  if (summary.offers.length === 0) return "";
  return html`<section class="offers" aria-labelledby="offers-title">
    <h2 id="offers-title">${t("offers")}</h2>
    <ul class="lines">
      ${summary.offers.map(
        (offer) => html`<li>
          ${tile(offer.product, offer.picture)}
          <span class="line-text">
            <span class="line-name">${offer.name}</span>
            ${offer.description && html`<span class="line-note">${offer.description}</span>`}
            <form method="post" action="${action}/offer" data-live>
              <button class="quiet" name="add" value="${offer.price}" aria-label="${t("offerAdd")}: ${offer.name}">${t("offerAdd")}</button>
            </form>
          </span>
          <span class="line-amount">${offer.amount}</span>
        </li>`,
      )}
    </ul>
  </section>`;
}

function shippingChoices({ action, language, summary }: OrderView): Html | string {
  const { t } = language;
  const options = summary.shipping?.options ?? [];
  if (options.length < 2) return "";
  return html`<form class="shipping-choices" method="post" action="${action}/shipping" data-live data-on-change>
    <fieldset class="group">
      <legend>${t("shippingMethod")}</legend>
      ${options.map(
        (option) => html`<label class="choice slim">
          <input type="radio" name="shippingOption" value="${option.id}" ${option.chosen ? html`checked` : ""} />
          <span class="grow">${option.name}</span> <span>${option.amount}</span>
        </label>`,
      )}
    </fieldset>
    <noscript><button class="quiet">${t("update")}</button></noscript>
  </form>`;
}

function totals(view: OrderView): Html {
  const { language, summary } = view;
  const { t } = language;
  const { discount, shipping } = summary;
  return html`<div class="totals">
    <dl><div><dt>${t("subtotal")}</dt><dd>${summary.subtotal}</dd></div></dl>
    ${codeControl(view)}
    <dl>
      ${discount?.amount ? html`<div><dt>${discount.label}</dt><dd>${discount.amount}</dd></div>` : ""}
      ${shipping ? html`<div><dt>${t("shipping")}</dt><dd>${shipping.amount}</dd></div>` : ""}
      ${summary.taxes.map(
        ({ label, amount, note }) =>
          html`<div><dt>${label} ${note && html`<span class="line-note">${note}</span>`}</dt><dd>${amount}</dd></div>`,
      )}
      <div class="total"><dt>${summary.totalLabel}</dt><dd>${summary.total}</dd></div>
    </dl>
  </div>`;
}

function codeControl({ action, code, language, summary }: OrderView): Html | string {
  const { t } = language;
  const applied = summary.discount?.code;
  if (!summary.takesCodes) return "";
  if (applied) {
    return html`<form class="code-applied" method="post" action="${action}/promotion" data-live>
      <span class="code">${applied}</span>
      <button name="remove" value="1" class="quiet" aria-label="${t("codeRemove", { code: applied })}">×</button>
    </form>`;
  }
  return html`<details class="code-entry" ${code ? html`open` : ""}>
    <summary>${t("codeAdd")}</summary>
    <form method="post" action="${action}/promotion" data-live novalidate>
      <label for="promotionCode" class="visually-hidden">${t("codeLabel")}</label>
      <input id="promotionCode" class="code-input" name="promotionCode" value="${code?.typed ?? ""}" placeholder="${t("codeLabel")}"
        autocomplete="off" autocapitalize="characters" spellcheck="false" aria-describedby="promotionCode-error"
        aria-invalid="${code ? "true" : "false"}" />
      <button class="quiet">${t("applyCode")}</button>
    </form>
    <p class="error" id="promotionCode-error" role="alert" ${code ? "" : html`hidden`}>${code?.problem}</p>
  </details>`;
}
