import type { WaitingJob } from "oncepaid";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** What waits in a queue, in the order in which it is done; what failed says why, and when it is tried again. */
export async function WaitingJobs({ jobs }: { jobs: readonly WaitingJob[] }) {
  const { t } = await pageLanguage();
  if (jobs.length === 0) return <p>{t("desk.jobs.noneWaiting")}</p>;
  return (
    <ul className={classes.rows} data-testid="waiting-jobs">
      {jobs.map(({ id, key, since, dueAt, failures, error }) => (
        <li key={id} className={classes.row}>
          {key !== null && <span className={classes.id}>{key}</span>}
          <span className={classes.quiet}>
            {t("desk.jobs.since")} <LocalTime at={since} /> · {t("desk.jobs.due")} <LocalTime at={dueAt} />
          </span>
          {failures > 0 && <span>{t("desk.jobs.failures", { count: failures })}</span>}
          {error !== null && (
            <span className={classes.reason} lang="en">
              {error}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
