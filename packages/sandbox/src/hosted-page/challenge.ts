import { html } from "hono/html";
import { formatMoney } from "../money.ts";
import { accountNumberOf } from "../payment-methods/bank-accounts.ts";
import type { Kinds } from "../wire.ts";
import { type Language, say } from "./copy.ts";
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
  { tag, copy }: Language,
  action: string,
  shop: string,
  asked: { amount: number; currency: string } | null,
): Question {
  const values = { shop, amount: asked ? formatMoney(asked.amount, asked.currency, tag) : "" };
  return asked
    ? { action, title: copy.challengeTitle, text: say(copy.challengeText, values) }
    : { action, title: copy.challengeSaveTitle, text: say(copy.challengeSaveText, values) };
}

/** The bank's own page, as the buyer's bank would show it. */
export function challengePage(
  language: Language,
  accent: string,
  question: Question,
  embedded = false,
): Html {
  const { copy } = language;
  return layout(
    language,
    { accent, embedded, kind: "closed", title: question.title },
    html`<form class="closed-card" method="post" action="${question.action}">
        <span class="bank-mark">${bankMark()} ${copy.challengeBank}</span>
        <h1>${question.title}</h1>
        <p>${question.text}</p>
        <button class="submit" name="outcome" value="complete">${copy.challengeComplete}</button>
        <button class="submit second" name="outcome" value="fail">${copy.challengeFail}</button>
        <span class="badge">${copy.sandbox}</span>
      </form>`,
  );
}

/** The slip, and its counter. */
export function voucherPage(language: Language, intent: Kinds["payment_intent"], action: string): Html {
  const { copy, tag } = language;
  return layout(
    language,
    { accent: "#0074d4", embedded: false, kind: "closed", title: copy.voucherTitle },
    html`<form class="closed-card" method="post" action="${action}">
        <h1>${copy.voucherTitle}</h1>
        <p class="voucher-amount">${formatMoney(intent.amount, intent.currency, tag)}</p>
        <code class="voucher-number">${intent.next_action?.oxxo_display_details?.number}</code>
        <p>${copy.voucherText}</p>
        <button class="submit" name="outcome" value="pay">${copy.voucherPay}</button>
        <button class="submit second" name="outcome" value="expire">${copy.voucherExpire}</button>
        <span class="badge">${copy.sandbox}</span>
      </form>`,
  );
}

/** Where a bank transfer goes to, and the bank that sends it. */
export function transferPage(language: Language, intent: Kinds["payment_intent"], action: string): Html {
  const { copy, tag } = language;
  const transfer = intent.next_action?.display_bank_transfer_instructions;
  return layout(
    language,
    { accent: "#0074d4", embedded: false, kind: "closed", title: copy.transferTitle },
    html`<form class="closed-card" method="post" action="${action}">
        <h1>${copy.transferTitle}</h1>
        <p class="voucher-amount">${formatMoney(transfer?.amount_remaining ?? 0, intent.currency, tag)}</p>
        <p>${copy.transferAccount}</p>
        <code class="voucher-number">${accountNumberOf(transfer?.financial_addresses?.[0])}</code>
        <p>${copy.transferReference}</p>
        <code class="voucher-number">${transfer?.reference}</code>
        <p>${copy.transferText}</p>
        <button class="submit">${copy.transferSend}</button>
        <span class="badge">${copy.sandbox}</span>
      </form>`,
  );
}
