"use client";

import { useLocale, useTranslations } from "use-intl/react";
import { formatMoney } from "#/texts/money.ts";
import classes from "#/ui/cart/CartTotal.module.css";
import type { CartEntry } from "#/ui/cart/cart-entry.ts";

/** What it all comes to, as far as the prices are known; the payment page has the last word. */
export function CartTotal({ entries }: { entries: readonly CartEntry[] }) {
  const t = useTranslations("cart");
  const locale = useLocale();
  const sum = sumOf(entries);
  const renewing = sumOf(entries.filter(({ price }) => price?.renewal));
  const interval = entries.find(({ price }) => price?.renewal)?.price?.renewal;
  return (
    <div className={classes.total}>
      <p className={classes.line}>
        <span>{t("total")}</span>
        <output className={classes.sum} data-testid="cart-total">
          {sum ? formatMoney(sum.amount, sum.currency, locale) : t("totalUnknown")}
        </output>
      </p>
      {sum && renewing && interval && (
        <p className={classes.note}>
          {t("renews", { amount: formatMoney(renewing.amount, renewing.currency, locale), interval })}
        </p>
      )}
      <p className={classes.note}>{t("sums")}</p>
    </div>
  );
}

/** Undefined when a price isn't known, or when they are of several currencies. */
function sumOf(entries: readonly CartEntry[]): { amount: number; currency: string } | undefined {
  const currency = entries[0]?.price?.currency;
  if (currency === undefined) return undefined;
  let amount = 0;
  for (const { line, price } of entries) {
    if (price?.currency !== currency) return undefined;
    amount += price.unitAmount * line.quantity;
  }
  return { amount, currency };
}
