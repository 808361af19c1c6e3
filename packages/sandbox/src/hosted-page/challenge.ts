import { html } from "hono/html";
import { formatMoney } from "../money.ts";
import { accountNumberOf } from "../payment-methods/bank-accounts.ts";
import type { Kinds } from "../wire.ts";
import type { Language } from "./copy.ts";
import { bankMark } from "./marks.ts";
import { layout } from "./page.ts";

type Html = ReturnType<typeof html>;

export interface Question {
  action: string;
  title: string;
  text: string;
}

/** What the bank asks before it pays `amount`, or lets a card be kept. */
export function questionOf(
  { tag, t }: Language,
  action: string,
  shop: string,
  asked: { amount: number; currency: string } | null,
): Question {
  const values = { shop, amount: asked ? formatMoney(asked.amount, asked.currency, tag) : "" };
  return asked
    ? { action, title: t("challengeTitle"), text: t("challengeText", values) }
    : { action, title: t("challengeSaveTitle"), text: t("challengeSaveText", values) };
}

/** The bank's own page, as the buyer's bank would show it. */
export function challengePage(
  language: Language,
  accent: string,
  question: Question,
  embedded = false,
): Html {
  const { t } = language;
  return layout(
    language,
    { accent, embedded, kind: "closed", title: question.title },
    html`<form class="closed-card" method="post" action="${question.action}">
        <span class="bank-mark">${bankMark()} ${t("challengeBank")}</span>
        <h1>${question.title}</h1>
        <p>${question.text}</p>
        <button class="submit" name="outcome" value="complete">${t("challengeComplete")}</button>
        <button class="submit second" name="outcome" value="fail">${t("challengeFail")}</button>
        <span class="badge">${t("sandbox")}</span>
      </form>`,
  );
}

/** The slip, and its counter. */
export function voucherPage(language: Language, intent: Kinds["payment_intent"], action: string): Html {
  const { t, tag } = language;
  return layout(
    language,
    { accent: "#0074d4", embedded: false, kind: "closed", title: t("voucherTitle") },
    html`<form class="closed-card" method="post" action="${action}">
        <h1>${t("voucherTitle")}</h1>
        <p class="voucher-amount">${formatMoney(intent.amount, intent.currency, tag)}</p>
        <code class="voucher-number">${intent.next_action?.oxxo_display_details?.number}</code>
        <p>${t("voucherText")}</p>
        <button class="submit" name="outcome" value="pay">${t("voucherPay")}</button>
        <button class="submit second" name="outcome" value="expire">${t("voucherExpire")}</button>
        <span class="badge">${t("sandbox")}</span>
      </form>`,
  );
}

/** Where a bank transfer goes to, and the bank that sends it. */
export function transferPage(language: Language, intent: Kinds["payment_intent"], action: string): Html {
  const { t, tag } = language;
  const transfer = intent.next_action?.display_bank_transfer_instructions;
  return layout(
    language,
    { accent: "#0074d4", embedded: false, kind: "closed", title: t("transferTitle") },
    html`<form class="closed-card" method="post" action="${action}">
        <h1>${t("transferTitle")}</h1>
        <p class="voucher-amount">${formatMoney(transfer?.amount_remaining ?? 0, intent.currency, tag)}</p>
        <p>${t("transferAccount")}</p>
        <code class="voucher-number">${accountNumberOf(transfer?.financial_addresses?.[0])}</code>
        <p>${t("transferReference")}</p>
        <code class="voucher-number">${transfer?.reference}</code>
        <p>${t("transferText")}</p>
        <button class="submit">${t("transferSend")}</button>
        <span class="badge">${t("sandbox")}</span>
      </form>`,
  );
}
