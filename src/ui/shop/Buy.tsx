"use client";

import { Button, Loader } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/shop/Buy.module.css";
import { useCheckoutTurn } from "#/ui/shop/CheckoutTurn.tsx";
import { cartOf, newCart } from "#/ui/shop/cart.ts";
import { openCheckout, type Problem } from "#/ui/shop/open-checkout.ts";
import { PurchaseProblem } from "#/ui/shop/PurchaseProblem.tsx";

type BuyProps = {
  productKey: string;
  productName: string;
  quantity: number;
  /** What there is to choose before buying; Enter in it buys. */
  children?: ReactNode;
};

/** The Buy button with all that can come of it. A submit before the page is interactive is kept and done then. */
export function Buy({ productKey, productName, quantity, children }: BuyProps) {
  const t = useTranslations("buy");
  const turn = useCheckoutTurn();
  const [problem, setProblem] = useState<Problem>();
  const opening = turn.holder === productKey;
  const waiting = turn.holder !== undefined;

  const checkOut = async (chooseCart: (productKey: string) => string) => {
    if (!turn.take(productKey)) return;
    setProblem(undefined);
    const opened = await openCheckout({ cartId: chooseCart(productKey), productKey, quantity });
    // The turn is kept while the browser leaves, so the button says so until the payment page is there.
    if (opened.ok) return window.location.assign(opened.url);
    setProblem(opened.problem);
    turn.giveBack();
  };

  return (
    <form action={() => void checkOut(cartOf)} className={classes.buy}>
      {children}
      <Button
        type="submit"
        fullWidth
        size="lg"
        aria-label={opening ? undefined : t("buttonNamed", { product: productName })}
        aria-disabled={waiting}
        mod={{ opening, waiting }}
        className={classes.button}
        leftSection={opening && <Loader size={18} color="currentColor" aria-hidden="true" />}
        data-testid={`buy-${productKey}`}
      >
        {opening ? t("opening") : t("button")}
      </Button>
      <div aria-live="polite" data-testid={`problem-${productKey}`}>
        {opening && <span className={classes.spoken}>{t("opening")}</span>}
        {problem && (
          <PurchaseProblem
            problem={problem}
            onRetry={() => checkOut(cartOf)}
            onBuyAgain={() => checkOut(newCart)}
          />
        )}
      </div>
    </form>
  );
}
