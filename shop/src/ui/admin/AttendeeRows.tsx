import Link from "next/link";
import type { Attendee, ManagedSlot } from "oncepaid";
import { orderNumber } from "#/texts/order-number.ts";
import { CheckIn } from "#/ui/admin/CheckIn.tsx";
import classes from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";

type AttendeeRowsProps = { slot: ManagedSlot; attendees: readonly Attendee[] };

/** Who comes to a date, in the order in which they bought, each with the way to the order. */
export async function AttendeeRows({ slot, attendees }: AttendeeRowsProps) {
  const { t } = await pageLanguage();
  const { id, booked, held, checkedIn, placesLeft: left, closedAt, canceledAt } = slot;
  return (
    <>
      <p data-testid="slot-counts">{t("desk.date.counts", { booked, held, left, checkedIn })}</p>
      {closedAt !== null && <p className={classes.strong}>{t("desk.date.closed")}</p>}
      {canceledAt !== null && <p className={classes.strong}>{t("admin.canceled")}</p>}
      <p>
        {/* A file, no page: the browser fetches it by itself. */}
        <a href={`/admin/slots/${id}/export`} download>
          {t("desk.date.export")}
        </a>
      </p>
      {attendees.length === 0 && <p className={classes.quiet}>{t("desk.date.nobody")}</p>}
      <ul className={classes.rows}>
        {attendees.map((attendee) => (
          <AttendeeRow key={attendee.orderId} attendee={attendee} />
        ))}
      </ul>
    </>
  );
}

async function AttendeeRow({ attendee }: { attendee: Attendee }) {
  const { t } = await pageLanguage();
  const { orderId, name, email, places, state, checkedInAt } = attendee;
  const called = name ?? email ?? orderNumber(orderId);
  return (
    <li className={classes.row} data-testid={`attendee-${orderId}`}>
      <span className={classes.head}>
        <span className={classes.strong}>{name ?? t("desk.noName")}</span>
        <span className={classes.quiet}>{email ?? t("desk.noEmail")}</span>
      </span>
      <span className={classes.head}>
        <span>{t("desk.date.places", { count: places })}</span>
        <span className={classes.quiet}>
          {checkedInAt === null ? (
            t(state === "held" ? "desk.date.held" : "desk.date.booked")
          ) : (
            <>
              {t("desk.date.came")} · <LocalTime at={checkedInAt} />
            </>
          )}
        </span>
      </span>
      <span className={classes.actions}>
        {state === "booked" && <CheckIn orderId={orderId} name={called} came={checkedInAt !== null} />}
        <Link href={`/admin/orders/${orderId}`} prefetch={false}>
          {t("desk.order", { number: orderNumber(orderId) })}
        </Link>
      </span>
    </li>
  );
}
