"use client";

import type { FormEvent } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { useAct } from "#/ui/admin/use-act.ts";

/** Says that a person has looked at what the card's bank suspects, with what they found. */
export function ReviewWarning({ orderId }: { orderId: string }) {
  const t = useTranslations("admin.act");
  const { busy, told, act } = useAct();
  const say = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get("note") ?? "").trim();
    const body = note === "" ? {} : { note };
    await act({ path: `orders/${orderId}/review`, body, done: () => t("reviewDone") });
  };
  return (
    <ActFrame title={t("reviewTitle")} testId="act-review" told={told}>
      <form onSubmit={say} className={classes.steps}>
        <p>{t("reviewWill")}</p>
        <label className={classes.field}>
          {t("note")}
          <input name="note" maxLength={2000} autoComplete="off" className={classes.input} />
        </label>
        <span className={classes.buttons}>
          <ActButton busy={busy}>{t("reviewButton")}</ActButton>
        </span>
      </form>
    </ActFrame>
  );
}
