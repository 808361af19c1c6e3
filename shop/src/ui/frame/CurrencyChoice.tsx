"use client";

import { useRouter } from "next/navigation";
import { useId, useTransition } from "react";
import classes from "#/ui/frame/CurrencyChoice.module.css";
import { keepChoice } from "#/ui/keep-choice.ts";

/** Read by the engine too, for the payment page (`currencyOf`). */
const CURRENCY_COOKIE = "currency";

type CurrencyChoiceProps = {
  label: string;
  /** ISO codes in lower case, with what they are called. */
  currencies: readonly { code: string; name: string }[];
  chosen: string;
};

/** What prices are shown and paid in, apart from the language. */
export function CurrencyChoice({ label, currencies, chosen }: CurrencyChoiceProps) {
  const id = useId();
  const router = useRouter();
  const [, startTransition] = useTransition();
  const choose = (currency: string) => {
    keepChoice(CURRENCY_COOKIE, currency);
    startTransition(() => router.refresh());
  };
  return (
    <span className={classes.choice}>
      <label htmlFor={id} className={classes.label}>
        {label}
      </label>
      <select
        id={id}
        value={chosen}
        onChange={(event) => choose(event.currentTarget.value)}
        className={classes.select}
        data-testid="currency"
      >
        {currencies.map(({ code, name }) => (
          <option key={code} value={code}>
            {code.toUpperCase()} · {name}
          </option>
        ))}
      </select>
    </span>
  );
}
