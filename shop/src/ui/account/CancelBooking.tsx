"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/account/ChangeBookingPage.module.css";
import { Told } from "#/ui/account/Told.tsx";
import { useBookingAction } from "#/ui/account/use-booking-action.ts";
import { callApi } from "#/ui/call-api.ts";
import { Button } from "#/ui/look/Button.tsx";

type CancelBookingProps = {
  orderId: string;
  /** What comes back, as it is written; undefined where nothing does. */
  refund: string | undefined;
  /** Something was paid for it. */
  paid: boolean;
};

/** The end of a booking, in two steps: it can't be taken back. What comes of it is said before. */
export function CancelBooking({ orderId, refund, paid }: CancelBookingProps) {
  const t = useTranslations("changeBooking");
  const { busy, told, act } = useBookingAction();
  const [armed, setArmed] = useState(false);
  const cancel = () =>
    act({
      call: (key) => callApi("POST", `orders/${orderId}/booking/cancel`, undefined, { key }),
      done: (answered) => t(isAskedOnly(answered) ? "cancelAsked" : "canceled"),
    });
  return (
    <div className={classes.form}>
      <p data-testid="cancel-means">
        {refund === undefined ? t(paid ? "nothingBack" : "nothingPaid") : t("moneyBack", { amount: refund })}
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

/** Stripe couldn't be reached; a job goes on asking. */
function isAskedOnly(answered: object): boolean {
  return "state" in answered && answered.state === "asked";
}
