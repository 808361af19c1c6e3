import { calendarOf } from "#/bookings/calendar.ts";
import type { Locale } from "#/locale.ts";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/notify/about-order.ts";
import type { Letter } from "#/notify/letter.ts";
import { placeRows } from "#/notify/place.ts";

const TEXT = {
  en: {
    subject: "Your booking",
    heading: "Your place is booked",
    intro: "This is when and where it takes place, in the time of that place.",
    link: "Open your account",
  },
  hi: {
    subject: "आपकी बुकिंग",
    heading: "आपकी जगह बुक है",
    intro: "यह कब और कहाँ होगा, वहीं के समय में।",
    link: "अपना खाता खोलें",
  },
};

/** A place that was given back is booked again: when and where, with the date for the calendar. Nothing if it isn't any more. */
export async function booking({ orderId }: { orderId: string }, locale: Locale): Promise<Letter | undefined> {
  const calendar = await calendarOf(orderId, locale);
  if (!calendar || calendar.cancels) return undefined;
  const order = await aboutOrder(orderId);
  const text = TEXT[locale];
  return {
    to: buyerOf(order),
    locale,
    subject: text.subject,
    heading: text.heading,
    blocks: [
      { kind: "text", text: text.intro },
      {
        kind: "rows",
        rows: [...itemRows(order, locale), ...(await placeRows(orderId, locale)), numberRow(order, locale)],
      },
      { kind: "link", label: text.link, path: "/account" },
    ],
    attachments: [calendar],
  };
}
