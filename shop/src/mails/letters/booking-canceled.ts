import type { Engine } from "oncepaid/engine.ts";
import type { Locale } from "#/locale.ts";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { placeRows } from "#/mails/booking-rows.ts";
import { calendarOf } from "#/mails/calendar.ts";
import type { Letter } from "#/mails/letter.ts";

const TEXT = {
  en: {
    subject: "Your booking is canceled",
    heading: "This date won't take place",
    intro: "We had to cancel the date you booked. We are sorry.",
    money:
      "Everything you paid is on its way back, to the card or account you paid with; you need to do nothing.",
    link: "See other dates",
  },
  hi: {
    subject: "आपकी बुकिंग रद्द हो गई है",
    heading: "यह कार्यक्रम अब नहीं होगा",
    intro: "आपने जो तारीख़ बुक की थी, हमें उसे रद्द करना पड़ा। हमें खेद है।",
    money: "आपका पूरा पैसा उसी कार्ड या खाते में लौटाया जा रहा है जिससे आपने भुगतान किया था; आपको कुछ नहीं करना है।",
    link: "दूसरी तारीख़ें देखें",
  },
};

/** To a buyer whose date the shop has canceled, with the file that takes it out of the calendar. */
export async function bookingCanceled(
  engine: Engine,
  { orderId }: { orderId: string },
  locale: Locale,
): Promise<Letter> {
  const order = await aboutOrder(engine, orderId);
  const text = TEXT[locale];
  const calendar = await calendarOf(engine, orderId, locale);
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
      ...(order.amountTotal === 0 ? [] : [{ kind: "text", text: text.money } as const]),
      { kind: "link", label: text.link, path: "/pricing" },
    ],
    attachments: calendar ? [calendar] : [],
  };
}
