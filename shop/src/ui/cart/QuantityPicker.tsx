"use client";

import { type KeyboardEvent, useId, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/cart/QuantityPicker.module.css";
import type { CartLine } from "#/ui/cart/rules.ts";
import { Icon } from "#/ui/look/Icon.tsx";

type QuantityPickerProps = {
  /** What is counted: copies, seats or places. */
  kind: CartLine["kind"];
  /** Which product it belongs to, for tests and for those who hear the page. */
  productKey: string;
  productName: string;
  quantity: number;
  max: number;
  onChange: (quantity: number) => void;
};

/** A number to type, with two buttons a thumb can hit. While it is being typed it may be empty; the sum waits. */
export function QuantityPicker(props: QuantityPickerProps) {
  const { kind, productKey, productName, quantity, max, onChange } = props;
  const t = useTranslations("quantity");
  const id = useId();
  const [typed, setTyped] = useState(String(quantity));
  const set = (wanted: number) => {
    const next = Math.min(max, Math.max(1, wanted));
    setTyped(String(next));
    onChange(next);
  };
  const type = (text: string) => {
    if (text === "") return setTyped(text);
    const number = Number(text);
    // What can't be bought can't be typed: letters, nothing at all, more than there is.
    if (/^\d+$/.test(text) && number >= 1 && number <= max) set(number);
  };
  const step = (event: KeyboardEvent) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    set(quantity + by);
  };
  return (
    <div className={classes.root}>
      <label htmlFor={id} className={classes.label}>
        {t(`${kind}.label`)}
      </label>
      <div className={classes.field}>
        <button
          type="button"
          className={classes.step}
          aria-label={t(`${kind}.fewer`)}
          aria-disabled={quantity <= 1}
          onClick={() => set(quantity - 1)}
        >
          <Icon name="minus" size={18} />
        </button>
        <input
          id={id}
          className={classes.input}
          inputMode="numeric"
          autoComplete="off"
          aria-description={productName}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={step}
          onBlur={() => setTyped(String(quantity))}
          data-testid={`quantity-${productKey}`}
        />
        <button
          type="button"
          className={classes.step}
          aria-label={t(`${kind}.more`)}
          aria-disabled={quantity >= max}
          onClick={() => set(quantity + 1)}
        >
          <Icon name="plus" size={18} />
        </button>
      </div>
    </div>
  );
}
