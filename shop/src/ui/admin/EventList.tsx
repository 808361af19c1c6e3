import Link from "next/link";
import type { InboxEvent } from "oncepaid";
import { EventActions } from "#/ui/admin/EventActions.tsx";
import { OUTCOMES } from "#/ui/admin/event-query.ts";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

/** Messages of Stripe, each with what became of it and, where there is one, the reason. */
export async function EventList({ events }: { events: readonly InboxEvent[] }) {
  const { t } = await pageLanguage();
  if (events.length === 0) return <p>{t("desk.events.none")}</p>;
  return (
    <ul className={classes.rows}>
      {events.map((event) => {
        const { id, type, error, attempts, receivedAt } = event;
        const outcome = OUTCOMES.find((known) => known === event.outcome);
        return (
          <li key={id} className={classes.row} data-testid={`event-${id}`}>
            <span className={classes.head}>
              <Link href={`/admin/events/${id}`} prefetch={false} className={classes.strong} lang="en">
                {type}
              </Link>
              {outcome && <span>{t(`desk.events.outcomes.${outcome}`)}</span>}
              <span className={classes.quiet}>
                <LocalTime at={receivedAt} /> · {t("admin.attempts", { count: attempts })}
              </span>
            </span>
            <span className={classes.id}>{id}</span>
            {error && <span lang="en">{error}</span>}
            <EventActions event={event} />
          </li>
        );
      })}
    </ul>
  );
}
