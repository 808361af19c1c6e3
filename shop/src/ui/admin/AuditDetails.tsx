import classes from "#/ui/admin/AuditDetails.module.css";
import { detailsOf } from "#/ui/admin/audit-details.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** What an act wrote down, in words: how it is now, and how it was before. */
export async function AuditDetails({ details }: { details: object }) {
  const { locale, t } = await pageLanguage();
  const told = detailsOf({ t, locale }, details);
  if (told.length === 0) return null;
  return (
    <dl className={classes.details}>
      {told.map(({ key, name, text, before }) => (
        <div key={key} className={classes.detail}>
          <dt>{name}</dt>
          <dd>
            {text}
            {before !== undefined && (
              <span className={classes.before}>
                {" "}
                {t("desk.audit.before")} {before}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
