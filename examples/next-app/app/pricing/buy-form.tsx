"use client";

import { type ReactNode, useActionState } from "react";
import { BUTTON } from "../look";

export function BuyForm({
  buy,
  cartId,
  productKey,
  children,
}: {
  /** Answers what is wrong; where nothing is, it leads to the payment page. */
  buy: (problem: string | null, form: FormData) => Promise<string | null>;
  cartId: string;
  productKey: string;
  children: ReactNode;
}) {
  const [problem, action, pending] = useActionState(buy, null);
  return (
    <form action={action}>
      <input type="hidden" name="cartId" value={cartId} />
      <input type="hidden" name="productKey" value={productKey} />
      {children}
      <button type="submit" disabled={pending} className={`w-full ${BUTTON}`}>
        {pending ? "One moment…" : "Buy"}
      </button>
      {problem && (
        <p role="alert" className="mt-3 text-sm text-red-700 dark:text-red-400">
          {problem}
        </p>
      )}
    </form>
  );
}
