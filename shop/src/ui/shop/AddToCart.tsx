"use client";

import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { putInCart } from "#/ui/cart/cart.ts";
import type { CartLine } from "#/ui/cart/rules.ts";
import { useCart } from "#/ui/cart/use-cart.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/shop/AddToCart.module.css";

type AddToCartProps = { line: CartLine; productName: string; missing: string | undefined };

/** Keeps a product for a purchase of several. Once it is in, the same place leads to the cart. */
export function AddToCart({ line, productName, missing }: AddToCartProps) {
  const t = useTranslations("cart");
  const [told, setTold] = useState<string>();
  const [added, setAdded] = useState(false);
  const inside = useCart()?.lines.find(({ productKey }) => productKey === line.productKey);
  const same =
    inside &&
    inside.quantity === line.quantity &&
    inside.slotId === line.slotId &&
    inside.price === line.price;
  const add = () => {
    if (missing !== undefined) return setTold(missing);
    const conflict = putInCart(line);
    setTold(conflict && t(`conflict.${conflict}`));
    setAdded(!conflict);
  };
  return (
    <div className={classes.add}>
      {same ? (
        <Link
          href="/cart"
          className={classes.way}
          aria-label={`${t("inCart")} · ${t("open")}: ${productName}`}
          data-testid={`in-cart-${line.productKey}`}
        >
          <Icon name="check" size={18} />
          {t("inCart")} · {t("open")}
        </Link>
      ) : (
        <button
          type="button"
          className={classes.way}
          aria-label={`${t("add")}: ${productName}`}
          onClick={add}
          data-testid={`add-${line.productKey}`}
        >
          <Icon name="cart" size={18} />
          {t("add")}
        </button>
      )}
      <div role="status" data-testid={`cart-told-${line.productKey}`}>
        {added && same && <span className={classes.spoken}>{t("added", { product: productName })}</span>}
        {told && (
          <p className={classes.told}>
            {told} {told !== missing && <Link href="/cart">{t("open")}</Link>}
          </p>
        )}
      </div>
    </div>
  );
}
