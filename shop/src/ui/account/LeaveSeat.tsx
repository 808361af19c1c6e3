"use client";

import { useTranslations } from "use-intl/react";
import { Told } from "#/ui/account/Told.tsx";
import { useAction } from "#/ui/account/use-action.ts";
import classes from "#/ui/account/Way.module.css";
import { callApi } from "#/ui/call-api.ts";

export function LeaveSeat({ seatId }: { seatId: string }) {
  const t = useTranslations("account");
  const { busy, told, act } = useAction();
  return (
    <div>
      <button
        type="button"
        className={classes.way}
        aria-disabled={busy}
        onClick={() => act({ call: () => callApi("POST", `seats/${seatId}/leave`) })}
      >
        {t("leave")}
      </button>
      <Told told={told} />
    </div>
  );
}
