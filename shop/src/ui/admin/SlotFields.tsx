import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/SlotFields.module.css";
import type { SlotTexts } from "#/ui/admin/slot-form.ts";

const EMPTY: SlotTexts = { startsAt: "", endsAt: "", timeZone: "", place: "", capacity: "10" };

/** The fields of a date, told as its own place's clock shows it. */
export function SlotFields({ texts = EMPTY }: { texts?: SlotTexts }) {
  const t = useTranslations("admin");
  const field = (name: keyof SlotTexts) => ({
    name,
    required: true,
    defaultValue: texts[name],
    className: classes.input,
  });
  return (
    <>
      <label className={classes.field}>
        {t("starts")}
        <input type="datetime-local" {...field("startsAt")} />
      </label>
      <label className={classes.field}>
        {t("ends")}
        <input type="datetime-local" {...field("endsAt")} />
      </label>
      <label className={classes.field}>
        {t("timeZone")}
        <input placeholder="Asia/Kolkata" {...field("timeZone")} />
      </label>
      <label className={classes.field}>
        {t("place")}
        <input maxLength={500} {...field("place")} />
      </label>
      <label className={classes.field}>
        {t("capacity")}
        <input type="number" min={1} {...field("capacity")} />
      </label>
    </>
  );
}
