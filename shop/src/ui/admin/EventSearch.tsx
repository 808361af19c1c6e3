import Link from "next/link";
import type { DeskEventFilter } from "oncepaid";
import { OUTCOMES } from "#/ui/admin/event-query.ts";
import classes from "#/ui/admin/OrderSearch.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Button } from "#/ui/look/Button.tsx";

type EventSearchProps = { asked: DeskEventFilter; types: readonly string[] };

/** By type and by what became of it: an address that can be kept, and no script. */
export async function EventSearch({ asked, types }: EventSearchProps) {
  const { t } = await pageLanguage();
  return (
    <search>
      <form action="/admin/events" className={classes.form} data-columns="3" data-testid="event-search">
        <label className={classes.field}>
          {t("desk.events.type")}
          <select name="type" defaultValue={asked.type ?? ""} className={classes.input}>
            <option value="">{t("desk.events.anyType")}</option>
            {types.map((type) => (
              <option key={type} value={type} lang="en">
                {type}
              </option>
            ))}
          </select>
        </label>
        <label className={classes.field}>
          {t("desk.events.outcome")}
          <select name="outcome" defaultValue={asked.outcome ?? ""} className={classes.input}>
            <option value="">{t("desk.events.anyOutcome")}</option>
            {OUTCOMES.map((outcome) => (
              <option key={outcome} value={outcome}>
                {t(`desk.events.outcomes.${outcome}`)}
              </option>
            ))}
          </select>
        </label>
        <span className={classes.wide}>
          <Button type="submit">{t("desk.find")}</Button>
        </span>
      </form>
      {(asked.type ?? asked.outcome) !== undefined && (
        <p className={classes.ways}>
          <Link href="/admin/events" className={classes.way}>
            {t("desk.clear")}
          </Link>
        </p>
      )}
    </search>
  );
}
