import { html } from "hono/html";
import type { Subscription } from "../billing/subscription.ts";
import { cardMark } from "../hosted-page/marks.ts";
import { formatMoney } from "../money.ts";
import type { Store } from "../store.ts";
import type { Kinds } from "../wire.ts";
import type { Features } from "./configuration.ts";
import { dateText, type Speech } from "./copy.ts";
import type { Html } from "./layout.ts";
import { itemText, outlook } from "./plan-text.ts";

export interface Home {
  base: string;
  customer: Kinds["customer"];
  features: Features;
  invoices: Kinds["invoice"][];
  message: { text: string; good: boolean } | null;
  methods: Kinds["payment_method"][];
  subscriptions: Subscription[];
}

export function homePage(store: Store, speech: Speech, home: Home): Html {
  const { t } = speech;
  return html`
    ${
      home.message &&
      html`<p class="${home.message.good ? "good message" : "message"}" role="${home.message.good ? "status" : "alert"}">${home.message.text}</p>`
    }
    <section class="block" aria-labelledby="plan">
      <h1 id="plan">${t("currentPlan")}</h1>
      ${
        home.subscriptions.length === 0
          ? html`<p class="muted">${t("noSubscription")}</p>`
          : home.subscriptions.map((subscription) => plan(store, speech, home, subscription))
      }
    </section>
    <section class="block" aria-labelledby="method">
      <h2 id="method">${t("paymentMethod")}</h2>
      ${methods(speech, home)}
    </section>
    ${
      home.features.customer_update.enabled
        ? html`<section class="block" aria-labelledby="details">
            <h2 id="details">${t("billingInformation")}</h2>
            ${details(speech, home)}
          </section>`
        : ""
    }
    ${
      home.features.invoice_history.enabled
        ? html`<section class="block" aria-labelledby="invoices">
            <h2 id="invoices">${t("invoiceHistory")}</h2>
            ${history(speech, home)}
          </section>`
        : ""
    }`;
}

function plan(store: Store, speech: Speech, home: Home, subscription: Subscription): Html {
  const { t } = speech;
  const { base, features } = home;
  const { cancel_at: cancelAt, id, status } = subscription;
  const at = `${base}/subscriptions/${id}`;
  const next = outlook(speech, subscription);
  const running = ["active", "trialing", "past_due"].includes(status);
  return html`<article class="plan">
    <div class="plan-text">
      ${subscription.items.data.map((item) => {
        const text = itemText(store, speech, item);
        return html`<p class="plan-name">${text.name} <span class="state ${status}">${t("status", { status })}</span></p>
          <p class="plan-price">${text.price}</p>
          ${text.quantity && html`<p class="muted">${text.quantity}</p>`}`;
      })}
      ${next && html`<p class="${cancelAt === null ? "muted" : "warn"}">${next}</p>`}
    </div>
    <div class="plan-actions">
      ${
        status === "paused" || (running && cancelAt !== null)
          ? html`<form method="post" action="${at}/resume">
              <button class="submit">${cancelAt === null ? t("resume") : t("renew")}</button>
            </form>`
          : ""
      }
      ${
        running && cancelAt === null && features.subscription_update.enabled
          ? html`<a class="submit" href="${at}/update">${t("update")}</a>`
          : ""
      }
      ${
        running && cancelAt === null && features.subscription_pause.enabled
          ? html`<a class="plain" href="${at}/pause">${t("pause")}</a>`
          : ""
      }
      ${
        running && cancelAt === null && features.subscription_cancel.enabled
          ? html`<a class="plain" href="${at}/cancel">${t("cancel")}</a>`
          : ""
      }
    </div>
  </article>`;
}

function methods({ t }: Speech, { base, customer, features, methods, subscriptions }: Home): Html {
  const used =
    subscriptions.find(({ default_payment_method: own }) => own !== null)?.default_payment_method ??
    customer.invoice_settings.default_payment_method;
  const shown = methods.filter(({ id }) => id === used);
  const rows = shown.length > 0 ? shown : methods.slice(0, 1);
  return html`<div class="row">
      ${
        rows.length === 0
          ? html`<p class="muted">${t("noCard")}</p>`
          : rows.map(
              ({ card, us_bank_account: bank, type }) => html`<p class="method">
                ${cardMark()}
                <span>
                  ${
                    card
                      ? t("cardEnding", { brand: brandName(card.brand), last4: card.last4 })
                      : bank
                        ? `${bank.bank_name} ${bank.last4}`
                        : type
                  }
                  ${
                    card
                      ? html`<span class="muted">${t("cardExpires", {
                          month: String(card.exp_month).padStart(2, "0"),
                          year: String(card.exp_year),
                        })}</span>`
                      : ""
                  }
                </span>
              </p>`,
            )
      }
      ${
        features.payment_method_update.enabled
          ? html`<a class="plain" href="${base}/payment-method">${t("addCard")}</a>`
          : ""
      }
    </div>`;
}

function details({ t }: Speech, { base, customer }: Home): Html {
  const rows = [
    [t("name"), customer.name],
    [t("email"), customer.email],
    [t("phone"), customer.phone],
  ].filter(([, value]) => value);
  return html`<div class="row">
      <dl class="details">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      <a class="plain" href="${base}/details">${t("editDetails")}</a>
    </div>`;
}

function history(speech: Speech, { base, invoices }: Home): Html {
  const { t, tag } = speech;
  if (invoices.length === 0) return html`<p class="muted">${t("noInvoices")}</p>`;
  return html`<ul class="invoices">
    ${invoices.map(
      ({
        amount_remaining: owed,
        created,
        currency,
        hosted_invoice_url: page,
        id,
        number,
        status,
        total,
      }) => html`<li>
        <span class="when">
          ${
            page
              ? html`<a href="${page}" aria-label="${t("viewInvoice", { date: dateText(created, tag) })}">${dateText(created, tag)}</a>`
              : dateText(created, tag)
          }
          ${number && html`<span class="muted">${number}</span>`}
        </span>
        <span class="end">
          <span class="money">${formatMoney(total, currency, tag)}</span>
          <span class="state ${status}">${status && t("status", { status })}</span>
          ${
            status === "open" && owed > 0
              ? html`<form method="post" action="${base}/invoices/${id}/pay"><button class="plain">${t("payInvoice")}</button></form>`
              : ""
          }
        </span>
      </li>`,
    )}
  </ul>`;
}

const NAMES: Record<string, string> = { amex: "American Express", jcb: "JCB", unionpay: "UnionPay" };

function brandName(brand: string): string {
  return NAMES[brand] ?? `${brand.slice(0, 1).toUpperCase()}${brand.slice(1)}`;
}
