import ical, { ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import { NAME } from "#/brand/look.ts";
import { productText, type ShopOncepaid } from "#/catalog/products.ts";
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
  oncepaid: ShopOncepaid,
  orderId: string,
  locale: Locale,
): Promise<CalendarFile | undefined> {
  const booking = (await oncepaid.about(orderId))?.booking;
  if (!booking || booking.state === "held") return undefined;
  const gone = booking.state !== "booked" || booking.canceled;
  const method = gone ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH;
  const changed = booking.changedAt.getTime();
  const calendar = ical({ prodId: { company: NAME, product: "bookings" }, method });
  calendar.createEvent({
    id: `booking-${orderId}@oncepaid`,
    // Seconds since the booking was made: higher with every change of it or of its date.
    sequence: Math.max(0, Math.floor((changed - booking.bookedAt.getTime()) / 1000)),
    stamp: booking.changedAt,
    status: gone ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    start: booking.startsAt,
    end: booking.endsAt,
    // Both methods want one, and a calendar takes an entry out only for whoever put it in.
    organizer: config().mail?.from ?? null,
    summary: summary(booking.productKey, booking.places, locale),
    // Who was refused a place has never had its link.
    location: gone ? null : booking.place,
    url: `${config().appUrl}/account`,
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
