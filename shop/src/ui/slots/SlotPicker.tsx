"use client";

import { useTranslations } from "use-intl/react";
import { Icon } from "#/ui/look/Icon.tsx";
import classes from "#/ui/slots/SlotPicker.module.css";
import type { SlotChoice } from "#/ui/slots/slot-choice.ts";
import { ViewerTime } from "#/ui/slots/ViewerTime.tsx";

/** So few that it is worth saying how many; with more, the number only tells how the sale goes. */
const FEW_PLACES = 10;

type SlotPickerProps = {
  name: string;
  slots: readonly SlotChoice[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
};

/** The dates as cards of which one is chosen; those without a place left stay to be seen, and can't be chosen. */
export function SlotPicker({ name, slots, chosen, onChoose }: SlotPickerProps) {
  const t = useTranslations("slot");
  return (
    <fieldset className={classes.slots}>
      <legend className={classes.legend}>{t("legend")}</legend>
      {slots.map(({ id, startsAt, timeZone, day, hours, zone, place, placesLeft }) => (
        <label key={id} className={classes.slot} data-testid={`slot-${id}`}>
          <input
            type="radio"
            name={name}
            value={id}
            checked={id === chosen}
            disabled={placesLeft === 0}
            onChange={() => onChoose(id)}
            className={classes.radio}
          />
          <span className={classes.what}>
            <span className={classes.day}>{day}</span>
            <span>
              {hours} <span className={classes.zone}>{zone}</span>
            </span>
            <ViewerTime startsAt={startsAt} timeZone={timeZone} />
            <span className={classes.facts}>
              <span className={classes.fact}>
                <Icon name="pin" size={16} />
                <span className={classes.place}>{place ?? t("online")}</span>
              </span>
              <span className={classes.left} data-none={placesLeft === 0}>
                {placesLeft === 0
                  ? t("soldOut")
                  : placesLeft <= FEW_PLACES
                    ? t("left", { count: placesLeft })
                    : t("plenty")}
              </span>
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
