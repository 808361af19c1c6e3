"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { useLocale, useTranslations } from "use-intl/react";
import { formatMoney } from "#/texts/money.ts";
import { cartOf, newCart } from "#/ui/cart/buy-now.ts";
import { QuantityPicker } from "#/ui/cart/QuantityPicker.tsx";
import { Buy } from "#/ui/checkout/Buy.tsx";
import type { Problem } from "#/ui/checkout/open-checkout.ts";
import { chosenPrice, priceName } from "#/ui/offer/chosen-price.ts";
import type { ForSale } from "#/ui/offer/for-sale.ts";
import { PriceTag } from "#/ui/offer/PriceTag.tsx";
import { AddToCart } from "#/ui/shop/AddToCart.tsx";
import { PriceChoice } from "#/ui/shop/PriceChoice.tsx";
import classes from "#/ui/shop/PurchaseBox.module.css";
import { SlotPicker } from "#/ui/slots/SlotPicker.tsx";
import type { SlotChoice } from "#/ui/slots/slot-choice.ts";

type PurchaseBoxProps = {
  offer: ForSale;
  /** The dates to choose from, for what is sold by date. */
  slots?: readonly SlotChoice[];
  /** How many, to be chosen here; else one, and the cart can change it. */
  countable: boolean;
  /** The tag of one, and of any number while the price isn't known. */
  children: ReactNode;
};

/** Everything to choose about one product, and the two ways to go on: pay now, or put it in the cart. */
export function PurchaseBox({ offer, slots, countable, children }: PurchaseBoxProps) {
  const { key, kind, name } = offer;
  const locale = useLocale();
  const t = useTranslations();
  const router = useRouter();
  const [wanted, setWanted] = useState(1);
  const [priced, setPriced] = useState<string>();
  const [chosen, setChosen] = useState<string>();
  const slot = slots?.find(({ id }) => id === chosen) ?? onlyOpen(slots);
  const max = Math.min(offer.maxQuantity, slot?.placesLeft ?? offer.maxQuantity);
  const quantity = Math.min(wanted, Math.max(1, max));
  const price = chosenPrice(offer, priced);
  const bought = { productKey: key, quantity, price: priceName(offer, price), slotId: slot?.id };
  const sum = price && formatMoney(price.unitAmount * quantity, price.currency, locale, "short");
  const missing = slots && !(slot && slot.placesLeft > 0) ? t("slot.missing") : undefined;
  // The dates on the page were older than the sale: the server draws them again.
  const onProblem = (problem: Problem) => problem === "sold_out" && router.refresh();

  return (
    <>
      <Buy
        id={key}
        label={t("buy.button")}
        name={t("buy.buttonNamed", { product: name })}
        contents={bought}
        cart={{ current: () => cartOf(key), renew: () => newCart(key) }}
        missing={missing}
        onProblem={onProblem}
      >
        {slots && slots.length > 1 && (
          <SlotPicker name={`slot-${key}`} slots={slots} chosen={slot?.id} onChoose={setChosen} />
        )}
        <div className={classes.row}>
          <output className={classes.sum} data-testid={`price-${key}`}>
            {price === undefined || sum === undefined || (quantity === 1 && price === offer.prices[0]) ? (
              children
            ) : (
              <PriceTag amount={sum} terms={quantity === 1 ? price.terms : price.sumTerms} />
            )}
          </output>
          {countable && (
            <QuantityPicker
              key={max}
              kind={kind}
              productKey={key}
              productName={name}
              quantity={quantity}
              max={max}
              onChange={setWanted}
            />
          )}
        </div>
        {offer.prices.length > 1 && (
          <PriceChoice name={key} prices={offer.prices} chosen={price} onChoose={setPriced} />
        )}
      </Buy>
      <AddToCart line={{ ...bought, kind }} productName={name} missing={missing} />
    </>
  );
}

/** Where there is only one date with a place left, it needn't be chosen. */
function onlyOpen(slots: readonly SlotChoice[] | undefined): SlotChoice | undefined {
  const open = slots?.filter(({ placesLeft }) => placesLeft > 0) ?? [];
  return open.length === 1 ? open[0] : undefined;
}
