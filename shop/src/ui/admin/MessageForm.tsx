"use client";

import type { FormEvent } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { useAct } from "#/ui/admin/use-act.ts";

const LONGEST_SUBJECT = 200;
const LONGEST_TEXT = 10_000;
const ROWS = 6;

/** Writes to everybody who has booked a date. */
export function MessageForm({ slotId, booked }: { slotId: string; booked: number }) {
  const t = useTranslations("admin.date");
  const { busy, told, act } = useAct();
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const body = { subject: String(data.get("subject")), text: String(data.get("text")) };
    const path = `admin/slots/${slotId}/message`;
    if (await act({ path, body, done: () => t("messageDone") })) form.reset();
  };
  return (
    <ActFrame title={t("messageTitle")} testId="act-message" told={told}>
      <p>{t("messageWill", { count: booked })}</p>
      <form onSubmit={send} className={classes.steps}>
        <label className={classes.field}>
          {t("subject")}
          <input name="subject" required maxLength={LONGEST_SUBJECT} className={classes.input} />
        </label>
        <label className={classes.field}>
          {t("text")}
          <textarea
            name="text"
            required
            rows={ROWS}
            maxLength={LONGEST_TEXT}
            className={`${classes.input} ${classes.words}`}
          />
        </label>
        <span className={classes.buttons}>
          <ActButton busy={busy}>{t("messageButton")}</ActButton>
        </span>
      </form>
    </ActFrame>
  );
}
