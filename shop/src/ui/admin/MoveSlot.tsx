"use client";

import type { FormEvent } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import type { SlotTexts } from "#/ui/admin/slot-form.ts";
import { useAct } from "#/ui/admin/use-act.ts";
import { instantOf } from "#/ui/admin/zoned-time.ts";

type MoveSlotProps = { slotId: string; texts: SlotTexts; booked: number; held: number };

/** Another time for a date, with everybody in it; told as the clock of its place shows it. */
export function MoveSlot({ slotId, texts, booked, held }: MoveSlotProps) {
  const t = useTranslations("admin");
  const { busy, told, act } = useAct();
  const move = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const time = (name: string) => instantOf(String(form.get(name)), texts.timeZone);
    const body = { startsAt: time("startsAt"), endsAt: time("endsAt") };
    await act({ path: `admin/slots/${slotId}/reschedule`, body, done: () => t("date.moveDone") });
  };
  const field = (name: "startsAt" | "endsAt") => ({
    name,
    type: "datetime-local",
    required: true,
    defaultValue: texts[name],
    className: classes.input,
  });
  return (
    <ActFrame title={t("date.moveTitle")} testId="act-move" told={told}>
      <p>{t("date.moveWill", { booked, held })}</p>
      <form onSubmit={move} className={classes.steps}>
        <label className={classes.field}>
          {t("starts")}
          <input {...field("startsAt")} />
        </label>
        <label className={classes.field}>
          {t("ends")}
          <input {...field("endsAt")} />
        </label>
        <span className={classes.buttons}>
          <ActButton busy={busy}>{t("date.moveButton")}</ActButton>
        </span>
      </form>
    </ActFrame>
  );
}
