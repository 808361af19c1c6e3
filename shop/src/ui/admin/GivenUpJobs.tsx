import type { JobsOverview } from "oncepaid";
import { Operate } from "#/ui/admin/Operate.tsx";
import { queueName } from "#/ui/admin/queue-name.ts";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

const REPLAY = "admin/jobs/replay";

/** Work that was given up, each with the reason why. */
export async function GivenUpJobs({ jobs: { givenUp, total } }: { jobs: JobsOverview }) {
  const { t } = await pageLanguage();
  return (
    <>
      {total > givenUp.length && (
        <p className={classes.quiet}>{t("admin.jobsShown", { shown: givenUp.length, total })}</p>
      )}
      {total > 1 && (
        <span className={classes.actions}>
          <Operate label={t("admin.replayAll")} name={t("admin.jobs")} path={REPLAY} body={{ all: true }} />
        </span>
      )}
      <ul className={classes.rows}>
        {givenUp.map(({ id, queue, key, since, tries, error }) => (
          <li key={id} className={classes.row} data-testid={`job-${key}`}>
            <span className={classes.head}>
              <span className={classes.strong}>{queueName(t, queue)}</span>
              <span className={classes.quiet}>
                <LocalTime at={since} /> · {t("admin.attempts", { count: tries })}
              </span>
            </span>
            <span className={classes.id}>{key}</span>
            {error && (
              <span className={classes.reason} lang="en">
                {error}
              </span>
            )}
            <span className={classes.actions}>
              <Operate label={t("admin.replay")} name={key} path={REPLAY} body={{ ids: [id] }} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
