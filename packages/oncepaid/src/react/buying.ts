import { useCallback, useEffect, useRef, useState } from "react";
import { ask } from "#/client/ask.ts";
import type { Given } from "#/client/connected.ts";
import type { ClientFailure, Connection } from "#/client/request.ts";

/** The way from a button to the page where a cart is paid. */

/** What is bought. Who buys, in which currency and where they come back to is the app's to say and no browser's. */
export type Cart<O> = Omit<
  Given<O, "checkout">,
  "cartId" | "userId" | "currency" | "ui" | "successUrl" | "cancelUrl" | "discount"
> & {
  /** The app's own id of this intention to buy, 8 to 200 characters. Without it one is made, and kept while the component stays. */
  cartId?: string;
};

export type Bought = { ok: true; url: string; orderId: string } | ClientFailure;

export type Buying<C> = {
  /** Leads to the payment page, or answers why not. Pressed twice it asks once, and one cart is paid once. */
  buy(cart: C): Promise<Bought>;
  /** From the press until the payment page is there. */
  pending: boolean;
  /** Why the newest try led nowhere. */
  problem: ClientFailure | undefined;
};

type Sent = { cartId?: string; locale?: string };
type State = { pending: boolean; problem?: ClientFailure | undefined };

const IDLE: State = { pending: false };

export function useBuying<C extends Sent>(to: Connection): Buying<C> {
  const [{ pending, problem }, setState] = useState(IDLE);
  const underWay = useRef<Promise<Bought>>(undefined);
  /** The id of each cart by what is in it: another choice is another intention. */
  const ids = useRef(new Map<string, string>());

  useEffect(() => {
    // Who goes back from the payment page sees this page as they left it.
    const comeBack = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return;
      underWay.current = undefined;
      setState(IDLE);
    };
    addEventListener("pageshow", comeBack);
    return () => removeEventListener("pageshow", comeBack);
  }, []);

  const buy = useCallback(
    (cart: C) => {
      underWay.current ??= leadToPayment(to, withId(cart, ids.current)).then((bought) => {
        if (bought.ok) return bought;
        underWay.current = undefined;
        setState({ pending: false, problem: bought });
        return bought;
      });
      setState({ pending: true });
      return underWay.current;
    },
    [to],
  );
  return { buy, pending, problem };
}

async function leadToPayment(to: Connection, { locale, ...body }: Sent): Promise<Bought> {
  const asked = { method: "POST", path: ["checkout"], body, language: locale, repeatable: true } as const;
  const bought = await ask<{ url: string; orderId: string }>(to, asked);
  if (bought.ok) location.assign(bought.url);
  return bought;
}

function withId<C extends Sent>(cart: C, ids: Map<string, string>): C {
  const content = JSON.stringify(cart);
  const cartId = cart.cartId ?? ids.get(content) ?? crypto.randomUUID();
  ids.set(content, cartId);
  return { ...cart, cartId };
}
