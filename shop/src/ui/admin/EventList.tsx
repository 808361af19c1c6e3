import Link from "next/link";
import type { InboxEvent } from "oncepaid";
import { Operate } from "#/ui/admin/Operate.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** Messages of Stripe that wait for a person, each with the reason why. */
export async function EventList({ events }: { events: readonly InboxEvent[] }) {
  const { t } = await pageLanguage();
  return (
    <ul className={classes.rows}>
      {events.map(({ id, type, error, attempts, orderId, receivedAt }) => (
        <li key={id} className={classes.row} data-testid={`event-${id}`}>
          <span className={classes.head}>
            <span className={classes.strong} lang="en">
              {type}
            </span>
            <span className={classes.quiet}>
              <LocalTime at={receivedAt} /> · {t("admin.attempts", { count: attempts })}
            </span>
          </span>
          <span className={classes.id}>{id}</span>
          {error && <span lang="en">{error}</span>}
          <span className={classes.actions}>
            <Operate label={t("admin.replay")} name={id} path={`admin/events/${id}/replay`} />
            <Operate label={t("admin.dismiss")} name={id} path={`admin/events/${id}/dismiss`} />
            {orderId && <Link href={`/admin/orders/${orderId}`}>{t("admin.toOrder")}</Link>}
          </span>
        </li>
      ))}
    </ul>
  );
}
