import Link from "next/link";
import { AREAS, type AuditQuery, auditQuery } from "#/ui/admin/audit-query.ts";
import classes from "#/ui/admin/OrderSearch.module.css";
import { SearchChoice, SearchText } from "#/ui/admin/SearchFields.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Button } from "#/ui/look/Button.tsx";

/** By whom, about what, from when until when: an address that can be kept, and no script. */
export async function AuditSearch({ asked }: { asked: AuditQuery }) {
  const { t } = await pageLanguage();
  const { after, ...filter } = asked;
  return (
    <search>
      <form action="/admin/audit" className={classes.form} data-columns="5" data-testid="audit-search">
        <SearchText label={t("desk.audit.by")} name="by" defaultValue={asked.by} wide />
        <SearchChoice
          label={t("desk.audit.area")}
          name="area"
          chosen={asked.area}
          any={t("desk.audit.everything")}
          options={AREAS.map((one) => ({ value: one, text: t(`desk.audit.areas.${one}`) }))}
          wide
        />
        <SearchText label={t("desk.audit.from")} name="from" type="date" defaultValue={asked.from} />
        <SearchText label={t("desk.audit.until")} name="until" type="date" defaultValue={asked.until} />
        <span className={classes.wide}>
          <Button type="submit">{t("desk.find")}</Button>
        </span>
      </form>
      <p className={classes.ways}>
        {/* A file, no page: the browser fetches it by itself. */}
        <a href={`/admin/audit/export${auditQuery(filter)}`} download className={classes.way}>
          {t("desk.export")}
        </a>
        {auditQuery(asked) !== "" && (
          <Link href="/admin/audit" className={classes.way}>
            {t("desk.clear")}
          </Link>
        )}
      </p>
    </search>
  );
}
