"use client";

import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/checkout/Buy.module.css";
import { useCheckoutTurn } from "#/ui/checkout/CheckoutTurn.tsx";
import { type Contents, openCheckout, type Problem } from "#/ui/checkout/open-checkout.ts";
import { PurchaseProblem } from "#/ui/checkout/PurchaseProblem.tsx";
import { Button } from "#/ui/look/Button.tsx";

type BuyProps = {
  /** What is bought: a product's key, or "cart". */
  id: string;
  /** The button's text, and its name where the text alone doesn't say what is bought. */
  label: string;
  name?: string;
  contents: Contents;
  /** The cart's id, and how to begin a new one once that was paid. */
  cart: { current(): string; renew(): string };
  /** What is missing before it can be bought. The button stays where it is, and says so when pressed. */
  missing?: string | undefined;
  onProblem?: (problem: Problem) => void;
  /** What there is to choose before buying; Enter in it buys. */
  children?: ReactNode;
};

/** The Buy button with all that can come of it. A submit before the page is interactive is kept and done then. */
export function Buy(props: BuyProps) {
  const { id, label, name, contents, cart, missing, onProblem, children } = props;
  const t = useTranslations("buy");
  const turn = useCheckoutTurn();
  const [problem, setProblem] = useState<Problem>();
  const [told, setTold] = useState<string>();
  const opening = turn.holder === id;
  const waiting = turn.holder !== undefined;

  const checkOut = async (cartId: () => string) => {
    setTold(missing);
    if (missing !== undefined || !turn.take(id)) return;
    setProblem(undefined);
    const opened = await openCheckout({ cartId: cartId(), ...contents });
    // The turn is kept while the browser leaves, so the button says so until the payment page is there.
    if (opened.ok) return window.location.assign(opened.url);
    setProblem(opened.problem);
    onProblem?.(opened.problem);
    turn.giveBack();
  };

  return (
    <form
      action={() => void checkOut(cart.current)}
      className={classes.buy}
      data-opening={opening || undefined}
      data-waiting={waiting || undefined}
    >
      {children}
      <Button
        type="submit"
        wide
        size="large"
        aria-label={opening ? undefined : name}
        aria-disabled={waiting}
        icon={opening && <span className={classes.spinner} aria-hidden="true" />}
        data-testid={`buy-${id}`}
      >
        {opening ? t("opening") : label}
      </Button>
      <div aria-live="polite" data-testid={`problem-${id}`}>
        {opening && <span className={classes.spoken}>{t("opening")}</span>}
        {told !== undefined && told === missing && <p className={classes.missing}>{told}</p>}
        {problem && (
          <PurchaseProblem
            problem={problem}
            onRetry={() => checkOut(cart.current)}
            onBuyAgain={() => checkOut(cart.renew)}
          />
        )}
      </div>
    </form>
  );
}
