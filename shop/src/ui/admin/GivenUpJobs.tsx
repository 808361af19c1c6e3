import type { JobsOverview } from "oncepaid";
import { Operate } from "#/ui/admin/Operate.tsx";
import classes from "#/ui/admin/rows.module.css";
import table from "#/ui/admin/table.module.css";
import { pageLanguage, type Translate } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

const REPLAY = "admin/jobs/replay";

/** Work that was given up, each with the reason why, and how much more there is to do. */
export async function GivenUpJobs({ jobs: { givenUp, total, queues } }: { jobs: JobsOverview }) {
  const { locale, t } = await pageLanguage();
  const number = new Intl.NumberFormat(locale);
  return (
    <>
      {total === 0 && <p className={classes.quiet}>{t("admin.noJobs")}</p>}
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
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">{t("admin.queue")}</th>
            <th scope="col" className={table.number}>
              {t("admin.waiting")}
            </th>
            <th scope="col" className={table.number}>
              {t("admin.retrying")}
            </th>
          </tr>
        </thead>
        <tbody>
          {queues.map(({ queue, waiting, retrying }) => (
            <tr key={queue}>
              <th scope="row">{queueName(t, queue)}</th>
              <td className={table.number}>{number.format(waiting)}</td>
              <td className={table.number}>{number.format(retrying)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** The queues that have a name in the texts; another one is shown by its own. */
const NAMED = ["mail", "after", "outbound_webhook", "refund", "trial_card"] as const;

function queueName(t: Translate, queue: string): string {
  const named = NAMED.find((name) => name === queue);
  return named ? t(`admin.queues.${named}`) : queue;
}
