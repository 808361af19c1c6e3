"use client";

import Link from "next/link";
import { useLocale, useTranslations } from "use-intl/react";
import { formatMoney } from "#/texts/money.ts";
import classes from "#/ui/cart/CartRow.module.css";
import { putInCart } from "#/ui/cart/cart.ts";
import type { CartEntry } from "#/ui/cart/cart-entry.ts";
import { QuantityPicker } from "#/ui/cart/QuantityPicker.tsx";
import { KINDS } from "#/ui/kinds/traits.ts";

type CartRowProps = { entry: CartEntry; onRemove: (productKey: string, name: string) => void };

export function CartRow({ entry: { line, offer, price, slot }, onRemove }: CartRowProps) {
  const t = useTranslations("cart");
  const locale = useLocale();
  const { key, name } = offer;
  const max = Math.min(offer.maxQuantity, Math.max(1, slot?.placesLeft ?? offer.maxQuantity));
  const dateGone = line.slotId !== undefined && (slot?.placesLeft ?? 0) < line.quantity;
  return (
    <li className={classes.row} data-testid={`cart-${key}`}>
      <div className={classes.what}>
        <Link href={`/products/${key}`} className={classes.name}>
          {name}
        </Link>
        {slot && !dateGone && (
          <span className={classes.date}>
            {slot.day}, {slot.hours} ({slot.zone})
          </span>
        )}
        {dateGone && <span className={classes.problem}>{t("dateGone")}</span>}
        {KINDS[offer.kind].dated && (
          <Link href={`/products/${key}`} className={classes.other}>
            {slot && !dateGone ? t("otherDate") : t("chooseDate")}
          </Link>
        )}
      </div>
      <span className={classes.amount}>
        {price && formatMoney(price.unitAmount * line.quantity, price.currency, locale)}
        {price?.renewal && <span className={classes.renewal}>{price.renewal}</span>}
      </span>
      <div className={classes.actions}>
        <QuantityPicker
          key={`${line.quantity > max}`}
          kind={offer.kind}
          productKey={key}
          productName={name}
          quantity={line.quantity}
          max={max}
          onChange={(quantity) => putInCart({ ...line, quantity })}
        />
        <button
          type="button"
          className={classes.remove}
          aria-label={t("removeNamed", { product: name })}
          onClick={() => onRemove(key, name)}
        >
          {t("remove")}
        </button>
      </div>
    </li>
  );
}
