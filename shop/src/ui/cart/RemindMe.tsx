"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { callApi } from "#/ui/call-api.ts";
import classes from "#/ui/cart/RemindMe.module.css";

/** Whether a mail is wanted about carts that are left. Off until it is ticked. */
export function RemindMe({ reminded }: { reminded: boolean }) {
  const t = useTranslations("cart.remind");
  const [on, setOn] = useState(reminded);
  const [failed, setFailed] = useState(false);
  const change = async (wanted: boolean) => {
    setOn(wanted);
    const { ok } = await callApi(wanted ? "POST" : "DELETE", "cart-reminders");
    setFailed(!ok);
    if (!ok) setOn(!wanted);
  };
  return (
    <div className={classes.remind}>
      <label className={classes.choice}>
        <input
          type="checkbox"
          className={classes.box}
          data-testid="remind-me"
          checked={on}
          onChange={(event) => change(event.currentTarget.checked)}
        />
        <span>{t("label")}</span>
      </label>
      <p className={classes.note}>{t("note")}</p>
      <p role="status" className={classes.failed}>
        {failed && t("failed")}
      </p>
    </div>
  );
}
