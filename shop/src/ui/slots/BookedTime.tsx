import type { BookingView } from "oncepaid";
import { pageLanguage } from "#/ui/language/page-language.ts";
import classes from "#/ui/slots/BookedTime.module.css";
import { dayOf, hoursOf, zoneOf } from "#/ui/slots/slot-text.ts";
import { ViewerTime } from "#/ui/slots/ViewerTime.tsx";

/** When and where a booked date is, by the clock there and by the reader's own. */
export async function BookedTime({ booking }: { booking: BookingView }) {
  const { locale, t } = await pageLanguage();
  return (
    <dl className={classes.facts}>
      <dt className={classes.name}>{t("account.when")}</dt>
      <dd>
        <time dateTime={booking.startsAt} className={classes.day}>
          {dayOf(booking, locale)}
        </time>
        <span className={classes.hours}>{hoursOf(booking, locale)}</span>
        <span className={classes.zone}>{zoneOf(booking, locale)}</span>
        <ViewerTime startsAt={booking.startsAt} timeZone={booking.timeZone} />
      </dd>
      <dt className={classes.name}>{t("account.where")}</dt>
      <dd className={classes.place}>{booking.place === null ? t("slot.online") : place(booking.place)}</dd>
    </dl>
  );
}

/** A place on the web is shown as a link. */
function place(where: string) {
  const isLink = /^https?:\/\//.test(where) && URL.canParse(where);
  return isLink ? (
    <a href={where} rel="noreferrer">
      {where}
    </a>
  ) : (
    where
  );
}
