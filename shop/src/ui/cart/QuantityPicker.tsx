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
        <Step
          icon="minus"
          name={t(`${kind}.fewer`)}
          atEnd={quantity <= 1}
          onPress={() => set(quantity - 1)}
        />
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
        <Step
          icon="plus"
          name={t(`${kind}.more`)}
          atEnd={quantity >= max}
          onPress={() => set(quantity + 1)}
        />
      </div>
    </div>
  );
}

type StepProps = { icon: "minus" | "plus"; name: string; atEnd: boolean; onPress: () => void };

/** It stays pressable at the end, so that it keeps the focus. */
function Step({ icon, name, atEnd, onPress }: StepProps) {
  return (
    <button type="button" className={classes.step} aria-label={name} aria-disabled={atEnd} onClick={onPress}>
      <Icon name={icon} size={18} />
    </button>
  );
}
