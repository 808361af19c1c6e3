import Link from "next/link";
import { AREAS, type AuditQuery, auditQuery } from "#/ui/admin/audit-query.ts";
import classes from "#/ui/admin/OrderSearch.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Button } from "#/ui/look/Button.tsx";

/** By whom, about what, from when until when: an address that can be kept, and no script. */
export async function AuditSearch({ asked }: { asked: AuditQuery }) {
  const { t } = await pageLanguage();
  const { after, ...filter } = asked;
  return (
    <search>
      <form action="/admin/audit" className={classes.form} data-columns="5" data-testid="audit-search">
        <label className={`${classes.field} ${classes.wide}`}>
          {t("desk.audit.by")}
          <input name="by" defaultValue={asked.by} autoComplete="off" className={classes.input} />
        </label>
        <label className={`${classes.field} ${classes.wide}`}>
          {t("desk.audit.area")}
          <select name="area" defaultValue={asked.area ?? ""} className={classes.input}>
            <option value="">{t("desk.audit.everything")}</option>
            {AREAS.map((area) => (
              <option key={area} value={area}>
                {t(`desk.audit.areas.${area}`)}
              </option>
            ))}
          </select>
        </label>
        <label className={classes.field}>
          {t("desk.audit.from")}
          <input type="date" name="from" defaultValue={asked.from} className={classes.input} />
        </label>
        <label className={classes.field}>
          {t("desk.audit.until")}
          <input type="date" name="until" defaultValue={asked.until} className={classes.input} />
        </label>
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
