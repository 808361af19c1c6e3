import type { Engine } from "oncepaid/engine.ts";
import type { Locale } from "#/locale.ts";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { placeRows } from "#/mails/booking-rows.ts";
import { calendarOf } from "#/mails/calendar.ts";
import type { Letter } from "#/mails/letter.ts";

const TEXT = {
  en: {
    booking: {
      subject: "Your booking",
      heading: "Your place is booked",
      intro: "This is when and where it takes place, in the time of that place.",
    },
    booking_changed: {
      subject: "Your booking takes place somewhere else",
      heading: "It takes place somewhere else",
      intro:
        "Your booking stands, at the same time. Only where it takes place has changed; the new place is here.",
    },
    link: "Open your account",
  },
  hi: {
    booking: {
      subject: "आपकी बुकिंग",
      heading: "आपकी जगह बुक है",
      intro: "यह कब और कहाँ होगा, वहीं के समय में।",
    },
    booking_changed: {
      subject: "आपकी बुकिंग का स्थान बदल गया है",
      heading: "स्थान बदल गया है",
      intro: "आपकी बुकिंग बनी हुई है और समय वही है। केवल स्थान बदला है; नया स्थान नीचे है।",
    },
    link: "अपना खाता खोलें",
  },
};

/**
 * When and where, with the date for the calendar, to somebody whose place is booked again after it was given back, or is
 * somewhere else now. Nothing if it isn't booked any more.
 */
export async function booking(
  engine: Engine,
  { mail, orderId }: { mail: "booking" | "booking_changed"; orderId: string },
  locale: Locale,
): Promise<Letter | undefined> {
  const calendar = await calendarOf(engine, orderId, locale);
  if (!calendar || calendar.cancels) return undefined;
  const order = await aboutOrder(engine, orderId);
  const { [mail]: text, link } = TEXT[locale];
  return {
    to: buyerOf(order),
    locale,
    subject: text.subject,
    heading: text.heading,
    blocks: [
      { kind: "text", text: text.intro },
      {
        kind: "rows",
        rows: [
          ...itemRows(order, locale),
          ...(await placeRows(engine, orderId, locale)),
          numberRow(order, locale),
        ],
      },
      { kind: "link", label: link, path: "/account" },
    ],
    attachments: [calendar],
  };
}
