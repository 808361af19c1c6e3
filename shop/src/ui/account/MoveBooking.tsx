"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/account/ChangeBookingPage.module.css";
import { Told } from "#/ui/account/Told.tsx";
import { useBookingAction } from "#/ui/account/use-booking-action.ts";
import { callApi } from "#/ui/call-api.ts";
import { Button } from "#/ui/look/Button.tsx";
import { SlotPicker } from "#/ui/slots/SlotPicker.tsx";
import type { SlotChoice } from "#/ui/slots/slot-choice.ts";

/** Another date for a booking. Asked for once more, it is the same date: no second mail. */
export function MoveBooking({ orderId, slots }: { orderId: string; slots: readonly SlotChoice[] }) {
  const t = useTranslations("changeBooking");
  const { busy, told, act } = useBookingAction();
  const [chosen, setChosen] = useState<string>();
  const move = () =>
    chosen === undefined
      ? undefined
      : act({
          call: (key) => callApi("POST", `orders/${orderId}/booking/move`, { slotId: chosen }, { key }),
          intention: chosen,
          done: t("moved"),
        });
  return (
    <div className={classes.form}>
      <SlotPicker name="slot" slots={slots} chosen={chosen} onChoose={setChosen} />
      <Button aria-disabled={busy || chosen === undefined} onClick={move} data-testid="move-booking">
        {busy ? t("moving") : t("moveButton")}
      </Button>
      <Told told={told} />
    </div>
  );
}
