import { html } from "hono/html";
import { boundsOf, chosenLine } from "../checkout/chosen-amount.ts";
import { decimalsOf, formatMoney } from "../money.ts";
import type { Store } from "../store.ts";
import type { LineItem } from "../wire.ts";
import type { Language } from "./copy.ts";

type Html = ReturnType<typeof html>;

/** What the buyer may decide about a line's price: the amount as it stands in the field, and the shop's limits in words. */
export interface AmountChoice {
  typed: string;
  hint: string | null;
}

export function choiceOf(store: Store, line: LineItem, { tag, t }: Language): AmountChoice | null {
  if (!chosenLine([line])) return null;
  return {
    typed: line.amount_subtotal === 0 ? "" : written(line.amount_subtotal, line.currency),
    hint: hintOf(store, line, { tag, t }),
  };
}

function hintOf(store: Store, line: LineItem, { tag, t }: Pick<Language, "tag" | "t">): string | null {
  const { maximum, minimum } = boundsOf(store, line);
  const money = (amount: number | null) => formatMoney(amount ?? 0, line.currency, tag);
  const [least, most] = [money(minimum), money(maximum)];
  if (minimum === null) return maximum === null ? null : t("amountUpTo", { most });
  return maximum === null ? t("amountFrom", { least }) : t("amountBetween", { least, most });
}

function written(amount: number, currency: string): string {
  const decimals = decimalsOf(currency);
  return (amount / 10 ** decimals).toFixed(decimals);
}

/** An amount as somebody types it, in the smallest unit: `12`, `12.5` or `12,50`, in Devanagari's digits too. */
export function amountTyped(typed: string, currency: string): number | undefined {
  const decimals = decimalsOf(currency);
  const plain = typed.trim().replaceAll(/[०-९]/g, (digit) => String(digit.charCodeAt(0) - 0x0966));
  const [, whole = "", part = ""] = /^(\d{1,9})(?:[.,](\d{1,3}))?$/.exec(plain) ?? [];
  if (whole === "" || part.length > decimals) return undefined;
  return Number(whole + part.padEnd(decimals, "0"));
}

/** The field in which the buyer says what they pay. Its name is that of Stripe's own. */
export function amountControl(
  action: string,
  { t }: Language,
  choice: AmountChoice,
  wrong: { typed: string; problem: string } | null,
): Html {
  return html`<form class="amount-choice" method="post" action="${action}/amount" data-live data-on-change novalidate>
    <label for="customUnitAmount">${t("amount")}</label>
    <input id="customUnitAmount" class="code-input" name="customUnitAmount" value="${wrong?.typed ?? choice.typed}" inputmode="decimal"
      autocomplete="off" aria-describedby="customUnitAmount-hint customUnitAmount-error" aria-invalid="${wrong ? "true" : "false"}" />
    <span class="line-note" id="customUnitAmount-hint">${choice.hint}</span>
    <noscript><button class="quiet">${t("update")}</button></noscript>
    <p class="error" id="customUnitAmount-error" role="alert" ${wrong ? "" : html`hidden`}>${wrong?.problem}</p>
  </form>`;
}
