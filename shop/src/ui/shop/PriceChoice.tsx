"use client";

import { useTranslations } from "use-intl/react";
import type { PriceForSale } from "#/ui/offer/for-sale.ts";
import classes from "#/ui/shop/PriceChoice.module.css";

type PriceChoiceProps = {
  name: string;
  prices: readonly PriceForSale[];
  chosen: PriceForSale | undefined;
  onChoose: (name: string) => void;
};

/** Monthly or yearly, side by side. */
export function PriceChoice({ name, prices, chosen, onChoose }: PriceChoiceProps) {
  const t = useTranslations("buy");
  return (
    <fieldset className={classes.choice}>
      <legend className={classes.legend}>{t("price")}</legend>
      {prices.map(({ name: price, label, percentLess }) => (
        <label key={price} className={classes.option} data-testid={`choose-${name}-${price}`}>
          <input
            type="radio"
            name={name}
            value={price}
            checked={price === chosen?.name}
            onChange={() => onChoose(price)}
            className={classes.radio}
          />
          {label}
          {percentLess !== undefined && (
            <span className={classes.less}>{t("percentLess", { percent: percentLess })}</span>
          )}
        </label>
      ))}
    </fieldset>
  );
}
