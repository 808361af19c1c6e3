import ical, { ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import type { Engine } from "oncepaid/engine.ts";
import { NAME } from "#/brand/brand.ts";
import { productText } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import type { Locale } from "#/locale.ts";

/** A calendar file as a mail attaches it and the API answers it. */
export type CalendarFile = {
  filename: string;
  contentType: string;
  content: string;
  /** It takes the entry out. */
  cancels: boolean;
};

/**
 * The booking of an order for the buyer's calendar; undefined without one. It has the same UID each time, so that a later
 * file changes the entry instead of adding one, and once the place is the buyer's no more it takes the entry out.
 * Times are UTC, which every calendar shows in its own time zone and which no change of summer time can move.
 * Source: RFC 5545 and, for REQUEST, CANCEL and SEQUENCE, RFC 5546.
 */
export async function calendarOf(
  engine: Engine,
  orderId: string,
  locale: Locale,
): Promise<CalendarFile | undefined> {
  const booking = await engine.database.db
    .selectFrom("booking as b")
    .innerJoin("slot as s", "s.id", "b.slot_id")
    .select(["b.state", "b.places", "b.product_key", "b.created_at", "b.updated_at as booking_updated_at"])
    .select(["s.starts_at", "s.ends_at", "s.place", "s.canceled_at", "s.updated_at as slot_updated_at"])
    .where("b.order_id", "=", orderId)
    .executeTakeFirst();
  if (!booking || booking.state === "held") return undefined;
  const gone = booking.state !== "booked" || booking.canceled_at !== null;
  const method = gone ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH;
  const changed = Math.max(booking.booking_updated_at.getTime(), booking.slot_updated_at.getTime());
  const calendar = ical({ prodId: { company: NAME, product: "bookings" }, method });
  calendar.createEvent({
    id: `booking-${orderId}@oncepaid`,
    // Seconds since the booking was made: higher with every change of it or of its date.
    sequence: Math.max(0, Math.floor((changed - booking.created_at.getTime()) / 1000)),
    stamp: new Date(changed),
    status: gone ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    start: booking.starts_at,
    end: booking.ends_at,
    // Both methods want one, and a calendar takes an entry out only for whoever put it in.
    organizer: config().mail?.from ?? null,
    summary: summary(booking.product_key, booking.places, locale),
    // Who was refused a place has never had its link.
    location: gone ? null : booking.place,
    url: `${engine.settings.appUrl}/account`,
  });
  return {
    filename: "booking.ics",
    contentType: `text/calendar; charset=utf-8; method=${method}`,
    content: calendar.toString(),
    cancels: gone,
  };
}

/** A product that left the catalog still has its key. */
function summary(productKey: string, places: number, locale: Locale): string {
  const name = productText(locale, productKey).name;
  return places > 1 ? `${name} (${places})` : name;
}
