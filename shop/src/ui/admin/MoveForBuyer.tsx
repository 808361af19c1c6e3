"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { useAct } from "#/ui/admin/use-act.ts";
import { SlotPicker } from "#/ui/slots/SlotPicker.tsx";
import type { SlotChoice } from "#/ui/slots/slot-choice.ts";

type MoveForBuyerProps = {
  orderId: string;
  /** How many places move. */
  places: number;
  /** The other dates of its product that have room for all of them. */
  slots: readonly SlotChoice[];
  email: string;
};

/** Moves a booking to another date: which one, then the sentence that says what follows, with the button. */
export function MoveForBuyer({ orderId, places, slots, email }: MoveForBuyerProps) {
  const t = useTranslations("admin.act");
  const { busy, told, act } = useAct();
  const [chosen, setChosen] = useState<string>();
  const to = slots.find(({ id }) => id === chosen);
  const move = (slotId: string, day: string) =>
    act({ path: `orders/${orderId}/move-booking`, body: { slotId }, done: () => t("moveDone", { day }) });
  return (
    <ActFrame title={t("moveTitle")} testId="act-move-booking" told={told}>
      <p>{slots.length === 0 ? t("moveNowhere", { places }) : t("moveWill")}</p>
      {slots.length > 0 && <SlotPicker name="moveTo" slots={slots} chosen={chosen} onChoose={setChosen} />}
      {to && (
        <>
          <p className={classes.sure} data-testid="move-sure">
            {t("moveSure", { places, day: to.day, hours: to.hours, email })}
          </p>
          <span className={classes.buttons}>
            <ActButton busy={busy} onClick={() => move(to.id, to.day)}>
              {t("moveButton")}
            </ActButton>
          </span>
        </>
      )}
    </ActFrame>
  );
}
