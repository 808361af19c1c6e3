"use client";

import Link from "next/link";
import { useTranslations } from "use-intl/react";
import { useCart } from "#/ui/cart/use-cart.ts";
import classes from "#/ui/frame/MenuLink.module.css";
import { Icon } from "#/ui/look/Icon.tsx";

/** The way to the cart, with how many products wait in it. */
export function CartLink() {
  const t = useTranslations("menu");
  const count = useCart()?.lines.length ?? 0;
  return (
    <Link href="/cart" prefetch={false} className={classes.link} data-testid="cart-link">
      <Icon name="cart" size={22} />
      <span className={classes.word}>{t("cart")}</span>
      {count > 0 && (
        <span className={classes.count} aria-hidden="true">
          {count}
        </span>
      )}
      <span className={classes.spoken}>{t("inCart", { count })}</span>
    </Link>
  );
}
