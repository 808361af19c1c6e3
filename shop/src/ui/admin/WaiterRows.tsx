import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";
import type { WaiterPage } from "#/waiting/waiting-list.ts";

/** Who waits for a place on a date, in the order in which they are told of one, and who was told. */
export async function WaiterRows({ waiters, waiting }: Pick<WaiterPage, "waiters" | "waiting">) {
  const { t } = await pageLanguage();
  return (
    <>
      <p data-testid="waiting-count">
        {waiting === 0 ? t("desk.date.nobodyWaits") : t("desk.date.waitingCount", { count: waiting })}
      </p>
      <ul className={classes.rows} data-testid="waiters">
        {waiters.map(({ email, askedAt, toldAt }) => (
          <li key={email} className={classes.row}>
            <span className={classes.strong}>{email}</span>
            <span className={classes.quiet}>
              <LocalTime at={askedAt.toISOString()} />
              {toldAt !== null && (
                <>
                  {" · "}
                  {t.rich("desk.date.told", { time: () => <LocalTime at={toldAt.toISOString()} /> })}
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
