"use client";

import { type ReactNode, useState } from "react";
import { useLocale } from "use-intl/react";
import { formatMoney } from "#/ui/money.ts";
import { Buy } from "#/ui/shop/Buy.tsx";
import classes from "#/ui/shop/BuySeats.module.css";
import { PriceTag } from "#/ui/shop/PriceTag.tsx";
import { SeatPicker } from "#/ui/shop/SeatPicker.tsx";

type BuySeatsProps = {
  productKey: string;
  productName: string;
  maxQuantity: number;
  /** What the seats add up to is worked out for show; what is paid is Stripe's own sum. */
  price: { unitAmount: number; currency: string; renewal: string | undefined } | undefined;
  /** The tag of one seat, and of any number while the price isn't known. */
  children: ReactNode;
};

export function BuySeats({ productKey, productName, maxQuantity, price, children }: BuySeatsProps) {
  const locale = useLocale();
  const [seats, setSeats] = useState(1);
  const sum = price && formatMoney(price.unitAmount * seats, price.currency, locale, "short");
  return (
    <Buy productKey={productKey} productName={productName} quantity={seats}>
      <div className={classes.row}>
        <output className={classes.sum} data-testid={`price-${productKey}`}>
          {sum === undefined || seats === 1 ? (
            children
          ) : (
            <PriceTag amount={sum} terms={price?.renewal ?? ""} />
          )}
        </output>
        <SeatPicker seats={seats} max={maxQuantity} onChange={setSeats} />
      </div>
    </Buy>
  );
}
