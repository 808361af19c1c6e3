"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/account/ChangeBookingPage.module.css";
import { Told } from "#/ui/account/Told.tsx";
import { useAction } from "#/ui/account/use-action.ts";
import { callApi } from "#/ui/call-api.ts";
import { Button } from "#/ui/look/Button.tsx";

/** The end of a booking, in two steps: it can't be taken back. What comes of it is said before. */
export function CancelBooking({ orderId, refund }: { orderId: string; refund: string | undefined }) {
  const t = useTranslations("changeBooking");
  const { busy, told, act } = useAction();
  const [armed, setArmed] = useState(false);
  const cancel = () => act(() => callApi("POST", `orders/${orderId}/booking/cancel`), t("canceled"));
  return (
    <div className={classes.form}>
      <p data-testid="cancel-means">
        {refund === undefined ? t("nothingBack") : t("moneyBack", { amount: refund })}
      </p>
      {armed ? (
        <Button aria-disabled={busy} onClick={cancel} data-testid="cancel-booking-now">
          {busy ? t("cancelingNow") : t("cancelNow")}
        </Button>
      ) : (
        <Button quiet onClick={() => setArmed(true)} data-testid="cancel-booking">
          {t("cancelButton")}
        </Button>
      )}
      <Told told={told} />
    </div>
  );
}
