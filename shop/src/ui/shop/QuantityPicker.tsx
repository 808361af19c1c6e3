"use client";

import { NumberInput } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import type { CartLine } from "#/ui/cart/rules.ts";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/shop/QuantityPicker.module.css";

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
  const [typed, setTyped] = useState<number | string>(quantity);
  const change = (value: number | string) => {
    setTyped(value);
    if (typeof value === "number" && value >= 1 && value <= max) onChange(value);
  };
  return (
    <NumberInput
      label={t(`${kind}.label`)}
      aria-description={productName}
      value={typed}
      onChange={change}
      onBlur={() => setTyped(quantity)}
      min={1}
      max={max}
      allowDecimal={false}
      allowNegative={false}
      clampBehavior="strict"
      hideControls
      inputMode="numeric"
      size="md"
      classNames={{
        root: classes.root,
        label: classes.label,
        input: classes.input,
        section: classes.section,
      }}
      leftSection={
        <button
          type="button"
          className={classes.step}
          aria-label={t(`${kind}.fewer`)}
          aria-disabled={quantity <= 1}
          onClick={() => change(Math.max(1, quantity - 1))}
        >
          <Icon name="minus" size={18} />
        </button>
      }
      rightSection={
        <button
          type="button"
          className={classes.step}
          aria-label={t(`${kind}.more`)}
          aria-disabled={quantity >= max}
          onClick={() => change(Math.min(max, quantity + 1))}
        >
          <Icon name="plus" size={18} />
        </button>
      }
      leftSectionPointerEvents="all"
      rightSectionPointerEvents="all"
      leftSectionWidth={46}
      rightSectionWidth={46}
      data-testid={`quantity-${productKey}`}
    />
  );
}
