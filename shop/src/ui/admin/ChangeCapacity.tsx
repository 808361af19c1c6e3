"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { useAct } from "#/ui/admin/use-act.ts";

type ChangeCapacityProps = { slotId: string; capacity: number; taken: number };

/** Another number of places; what it will do stands there while it is typed. */
export function ChangeCapacity({ slotId, capacity, taken }: ChangeCapacityProps) {
  const t = useTranslations("admin.date");
  const { busy, told, act } = useAct();
  const [wanted, setWanted] = useState(capacity);
  const change = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (wanted < taken || wanted === capacity) return;
    const body = { capacity: wanted };
    await act({ method: "PATCH", path: `admin/slots/${slotId}`, body, done: () => t("capacityDone") });
  };
  const will = () => {
    if (wanted < taken) return t("capacityTooLow", { taken });
    if (wanted === capacity) return t("capacitySame");
    return wanted > capacity
      ? t("capacityMore", { more: wanted - capacity })
      : t("capacityLess", { less: capacity - wanted });
  };
  return (
    <ActFrame title={t("capacityTitle")} testId="act-capacity" told={told}>
      <p>{t("capacityWill", { capacity, taken })}</p>
      <form onSubmit={change} className={classes.steps}>
        <label className={classes.field}>
          {t("capacityNew")}
          <input
            name="capacity"
            type="number"
            min={1}
            required
            defaultValue={capacity}
            onChange={({ target }) => setWanted(Number(target.value))}
            className={classes.input}
          />
        </label>
        <p className={classes.sure} aria-live="polite" data-testid="capacity-sure">
          {will()}
        </p>
        <span className={classes.buttons}>
          <ActButton busy={busy}>{t("capacityButton")}</ActButton>
        </span>
      </form>
    </ActFrame>
  );
}
