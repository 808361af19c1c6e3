"use client";

import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";

type Turn = {
  /** The product whose payment page is being opened. */
  holder: string | undefined;
  /** False when another product has the turn. */
  take(productKey: string): boolean;
  giveBack(): void;
};

const TurnContext = createContext<Turn>({ holder: undefined, take: () => true, giveBack: () => {} });

/**
 * One checkout at a time on a page: a first-time visitor gets an account with the first one, and two at once would
 * make two accounts, of which the browser could only keep one.
 */
export function CheckoutTurn({ children }: { children: ReactNode }) {
  const [holder, setHolder] = useState<string>();
  const held = useRef(false);
  const turn = useMemo<Turn>(
    () => ({
      holder,
      take: (productKey) => {
        if (held.current) return false;
        held.current = true;
        setHolder(productKey);
        return true;
      },
      giveBack: () => {
        held.current = false;
        setHolder(undefined);
      },
    }),
    [holder],
  );
  useEffect(() => {
    // Coming back from the payment page the browser may show this one as it was left, still opening.
    const wakeUp = (event: PageTransitionEvent) => event.persisted && turn.giveBack();
    window.addEventListener("pageshow", wakeUp);
    return () => window.removeEventListener("pageshow", wakeUp);
  }, [turn]);
  return <TurnContext value={turn}>{children}</TurnContext>;
}

export function useCheckoutTurn(): Turn {
  return useContext(TurnContext);
}
