"use client";

import { NumberInput } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/shop/SeatPicker.module.css";

type SeatPickerProps = { seats: number; max: number; onChange: (seats: number) => void };

/** A number to type, with two buttons a thumb can hit. While it is being typed it may be empty; the sum waits. */
export function SeatPicker({ seats, max, onChange }: SeatPickerProps) {
  const t = useTranslations("buy");
  const [typed, setTyped] = useState<number | string>(seats);
  const change = (value: number | string) => {
    setTyped(value);
    if (typeof value === "number" && value >= 1 && value <= max) onChange(value);
  };
  return (
    <NumberInput
      label={t("seats")}
      value={typed}
      onChange={change}
      onBlur={() => setTyped(seats)}
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
          aria-label={t("fewer")}
          aria-disabled={seats <= 1}
          onClick={() => change(Math.max(1, seats - 1))}
        >
          <Icon name="minus" size={18} />
        </button>
      }
      rightSection={
        <button
          type="button"
          className={classes.step}
          aria-label={t("more")}
          aria-disabled={seats >= max}
          onClick={() => change(Math.min(max, seats + 1))}
        >
          <Icon name="plus" size={18} />
        </button>
      }
      leftSectionPointerEvents="all"
      rightSectionPointerEvents="all"
      leftSectionWidth={46}
      rightSectionWidth={46}
      data-testid="seats"
    />
  );
}
