import type { TimelineEntry } from "oncepaid";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** What happened to an order, oldest first, by whom or by which event. */
export async function Timeline({ entries }: { entries: readonly TimelineEntry[] }) {
  const { t } = await pageLanguage();
  return (
    <ol className={classes.rows}>
      {entries.map(({ at, what, actor, stripeEventId, attempt, sessionId, before, after, effects }) => (
        <li key={`${at} ${what} ${stripeEventId ?? attempt ?? ""}`} className={classes.row}>
          <span className={classes.head}>
            <span className={classes.strong}>{t(`admin.what.${what}`)}</span>
            <span className={classes.quiet}>
              <LocalTime at={at} /> · <span lang="en">{actor}</span>
            </span>
          </span>
          {(stripeEventId ?? sessionId) && <span className={classes.id}>{stripeEventId ?? sessionId}</span>}
          {after && (
            <span lang="en">
              {before ? `${before.status} → ` : ""}
              {after.status}
            </span>
          )}
          {after?.notGranted && (
            <span lang="en">
              {after.notGranted.map(({ productKey, why }) => `${productKey}: ${why}`).join(", ")}
            </span>
          )}
          {effects.length > 0 && (
            <span className={classes.quiet} lang="en">
              {effects.join(", ")}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
