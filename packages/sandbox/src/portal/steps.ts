import { html } from "hono/html";
import type { Subscription, SubscriptionItem } from "../billing/subscription.ts";
import { arrow } from "../hosted-page/marks.ts";
import { formatMoney } from "../money.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import { type CardProblems, cardFields } from "./card-form.ts";
import type { Features } from "./configuration.ts";
import { dateText, type Speech } from "./copy.ts";
import type { Html } from "./layout.ts";
import { itemText, priceText } from "./plan-text.ts";

/** The pages on which something is chosen or confirmed. Each is a plain form with a way back. */

interface Step {
  base: string;
  /** A refusal, or what is wrong with what was typed. */
  problem?: string | null;
}

const way = ({ t }: Speech, base: string) =>
  html`<a class="back step-back" href="${base}">${arrow()} ${t("back")}</a>`;

const alert = (problem: string | null | undefined) =>
  problem ? html`<p class="message" role="alert">${problem}</p>` : "";

export function cancelPage(
  store: Store,
  speech: Speech,
  subscription: Subscription,
  rule: Features["subscription_cancel"],
  end: number,
  { base, problem }: Step,
): Html {
  const { t, tag } = speech;
  const text = rule.mode === "immediately" ? t("cancelNow") : t("cancelEnd", { date: dateText(end, tag) });
  const reason = rule.cancellation_reason;
  return html`${way(speech, base)}
    <h1>${t("cancel")}</h1>
    ${alert(problem)}
    ${current(store, speech, subscription)}
    <p>${text}</p>
    <form method="post" action="${base}/subscriptions/${subscription.id}/cancel" class="stack">
      ${
        reason.enabled
          ? html`<fieldset class="group reasons">
                <legend>${t("cancelReason")}</legend>
                ${reason.options.map(
                  (option) =>
                    html`<label class="option"><input type="radio" name="feedback" value="${option}" /> ${t("feedback", { reason: option })}</label>`,
                )}
              </fieldset>
              <div class="field">
                <label for="comment">${t("comment")}</label>
                <textarea id="comment" name="comment" rows="3" maxlength="1000"></textarea>
              </div>`
          : ""
      }
      <button class="submit danger">${t("cancel")}</button>
      <a class="plain wide" href="${base}">${t("keep")}</a>
    </form>`;
}

export function pausePage(store: Store, speech: Speech, subscription: Subscription, { base }: Step): Html {
  const { t } = speech;
  return html`${way(speech, base)}
    <h1>${t("pause")}</h1>
    ${current(store, speech, subscription)}
    <p>${t("pauseText")}</p>
    <form method="post" action="${base}/subscriptions/${subscription.id}/pause" class="stack">
      <button class="submit">${t("pause")}</button>
      <a class="plain wide" href="${base}">${t("keep")}</a>
    </form>`;
}

export function updatePage(
  store: Store,
  speech: Speech,
  subscription: Subscription,
  item: SubscriptionItem,
  offer: { prices: Kinds["price"][]; quantity: { minimum: number; maximum: number } | null },
  { base, problem }: Step,
): Html {
  const { t } = speech;
  const { prices, quantity } = offer;
  return html`${way(speech, base)}
    <h1>${t("update")}</h1>
    ${alert(problem)}
    ${current(store, speech, subscription)}
    <form method="get" action="${base}/subscriptions/${subscription.id}/confirm" class="stack">
      ${
        prices.length > 0
          ? html`<fieldset class="group plans">
              <legend>${t("choosePlan")}</legend>
              ${prices.map(
                (price) => html`<label class="choice plan-choice">
                  <input type="radio" name="price" value="${price.id}" ${price.id === item.price.id ? html`checked` : ""} />
                  <span>${itemText(store, speech, { ...item, price, quantity: 1 }).name}</span>
                  <span class="end">${priceText(store, speech, price)}</span>
                </label>`,
              )}
            </fieldset>`
          : ""
      }
      ${
        quantity
          ? html`<div class="field">
              <label for="quantity">${t("quantity")}</label>
              <input id="quantity" name="quantity" type="number" inputmode="numeric" value="${item.quantity ?? 1}"
                min="${quantity.minimum}" max="${quantity.maximum}" required />
            </div>`
          : ""
      }
      <button class="submit">${t("continue")}</button>
    </form>`;
}

export function confirmPage(
  store: Store,
  speech: Speech,
  next: { subscription: Subscription; item: SubscriptionItem; preview: Kinds["invoice"]; dueNow: boolean },
  { base, problem }: Step,
): Html {
  const { t, tag } = speech;
  const { item, preview, subscription } = next;
  const text = itemText(store, speech, item);
  const money = (amount: number) => formatMoney(amount, preview.currency, tag);
  const end = Math.min(...subscription.items.data.map((one) => one.current_period_end));
  return html`${way(speech, `${base}/subscriptions/${subscription.id}/update`)}
    <h1>${t("confirmTitle")}</h1>
    ${alert(problem)}
    <div class="plan chosen">
      <p class="plan-name">${text.name}</p>
      <p class="plan-price">${text.price}</p>
      ${text.quantity && html`<p class="muted">${text.quantity}</p>`}
    </div>
    <p class="muted">${t("changeNow")}</p>
    <h2>${next.dueNow ? t("dueNow") : t("nextInvoice", { date: dateText(end, tag) })}</h2>
    <ul class="preview">
      ${preview.lines.data.map(
        (line) =>
          html`<li><span>${line.description}</span> <span class="money">${money(line.amount)}</span></li>`,
      )}
      <li class="total"><span>${t("total")}</span> <span class="money">${money(preview.amount_due)}</span></li>
    </ul>
    <form method="post" action="${base}/subscriptions/${subscription.id}/update" class="stack">
      <input type="hidden" name="price" value="${item.price.id}" />
      <input type="hidden" name="quantity" value="${item.quantity ?? 1}" />
      <button class="submit">${t("confirm")}</button>
    </form>`;
}

export function cardPage(
  speech: Speech,
  typed: URLSearchParams,
  problems: CardProblems,
  { base, problem }: Step,
): Html {
  const { t } = speech;
  return html`${way(speech, base)}
    <h1>${t("newCard")}</h1>
    ${alert(problem)}
    <form method="post" action="${base}/payment-method" class="stack" novalidate>
      ${cardFields(t, typed, problems)}
      <p class="muted">${t("sandboxNote")}</p>
      <button class="submit">${t("save")}</button>
    </form>`;
}

export function detailsPage(
  speech: Speech,
  customer: Pick<Kinds["customer"], "email" | "name" | "phone">,
  allowed: readonly string[],
  { base, problem }: Step,
): Html {
  const { t } = speech;
  const fields = [
    { autocomplete: "name", label: t("name"), name: "name", type: "text", value: customer.name },
    { autocomplete: "email", label: t("email"), name: "email", type: "email", value: customer.email },
    { autocomplete: "tel", label: t("phone"), name: "phone", type: "tel", value: customer.phone },
  ].filter(({ name }) => allowed.includes(name));
  return html`${way(speech, base)}
    <h1>${t("editDetails")}</h1>
    ${alert(problem)}
    <form method="post" action="${base}/details" class="stack" novalidate>
      ${fields.map(
        ({ autocomplete, label, name, type, value }) => html`<div class="field">
          <label for="${name}">${label}</label>
          <input id="${name}" name="${name}" type="${type}" value="${value ?? ""}" autocomplete="${autocomplete}" />
        </div>`,
      )}
      <button class="submit">${t("save")}</button>
    </form>`;
}

function current(store: Store, speech: Speech, subscription: Subscription): Html {
  return html`<div class="plan chosen">
    ${subscription.items.data.map((item) => {
      const text = itemText(store, speech, item);
      return html`<p class="plan-name">${text.name}</p>
        <p class="plan-price">${text.price}</p>
        ${text.quantity && html`<p class="muted">${text.quantity}</p>`}`;
    })}
  </div>`;
}
