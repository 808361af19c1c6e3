import { isLink } from "#/bookings/link.ts";

/** The date that is booked: `timeZone` (an IANA name) is where it takes place. */
export type BookedDate = { startsAt: Date; endsAt: Date; timeZone: string; place: string };

/** What Stripe takes beside the button. Source: docs.stripe.com/api/checkout/sessions/create, `custom_text`. */
const MOST_CHARACTERS = 1200;

/**
 * The date and the place as the payment page says them, in the buyer's language and in the time of that place: the price's own name says
 * neither. A place that is a link is what is sold, and only shown to who has paid.
 */
export function bookedDateText({ startsAt, endsAt, timeZone, place }: BookedDate, language: string): string {
  const format = new Intl.DateTimeFormat(tagOf(language), {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone,
    timeZoneName: "short",
  });
  const when = format.formatRange(startsAt, endsAt);
  const text = place === "" || isLink(place) ? when : `${when} · ${place}`;
  return [...text].slice(0, MOST_CHARACTERS).join("");
}

/** A server may name any language, also one that is none. */
function tagOf(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? "en";
  } catch {
    return "en";
  }
}
