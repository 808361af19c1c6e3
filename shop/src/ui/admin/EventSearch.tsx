import Link from "next/link";
import type { DeskEventFilter } from "oncepaid";
import { OUTCOMES } from "#/ui/admin/event-query.ts";
import classes from "#/ui/admin/OrderSearch.module.css";
import { SearchChoice } from "#/ui/admin/SearchFields.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Button } from "#/ui/look/Button.tsx";

type EventSearchProps = { asked: DeskEventFilter; types: readonly string[] };

/** By type and by what became of it: an address that can be kept, and no script. */
export async function EventSearch({ asked, types }: EventSearchProps) {
  const { t } = await pageLanguage();
  return (
    <search>
      <form action="/admin/events" className={classes.form} data-columns="3" data-testid="event-search">
        <SearchChoice
          label={t("desk.events.type")}
          name="type"
          chosen={asked.type}
          any={t("desk.events.anyType")}
          options={types.map((type) => ({ value: type, text: type, lang: "en" }))}
        />
        <SearchChoice
          label={t("desk.events.outcome")}
          name="outcome"
          chosen={asked.outcome}
          any={t("desk.events.anyOutcome")}
          options={OUTCOMES.map((one) => ({ value: one, text: t(`desk.events.outcomes.${one}`) }))}
        />
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
