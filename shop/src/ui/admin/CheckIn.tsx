"use client";

import { useTranslations } from "use-intl/react";
import { useMayAct } from "#/ui/admin/MayAct.tsx";
import classes from "#/ui/admin/Operate.module.css";
import { useAct } from "#/ui/admin/use-act.ts";
import { Button } from "#/ui/look/Button.tsx";

type CheckInProps = { orderId: string; name: string; came: boolean };

/** Says that somebody has come, with one press: at a door there is no time for two, and it can be taken back. */
export function CheckIn({ orderId, name, came }: CheckInProps) {
  const mayAct = useMayAct();
  const t = useTranslations("admin.date");
  const { busy, told, act } = useAct();
  const label = came ? t("undoCheckIn") : t("checkIn");
  const press = () =>
    act({
      method: came ? "DELETE" : "POST",
      path: `admin/orders/${orderId}/check-in`,
      done: () => "",
    });
  if (!mayAct) return null;
  return (
    <span className={classes.operate}>
      <Button
        size="small"
        quiet={came}
        aria-label={t("checkInOf", { what: label, name })}
        aria-disabled={busy}
        onClick={press}
      >
        {label}
      </Button>
      <span role="status" className={classes.failed}>
        {told?.text}
      </span>
    </span>
  );
}
