import { z } from "zod";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { placeRows } from "#/mails/booking-rows.ts";
import { calendarOf } from "#/mails/calendar.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To a buyer whose date the shop has canceled, with the file that takes it out of the calendar. */
export const bookingCanceled = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("booking.canceled", ({ orderId, byBuyer }) =>
    byBuyer === undefined ? { key: orderId, about: { orderId } } : undefined,
  ),
  write: async (oncepaid, { orderId }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    const t = mailText(locale);
    // What was bought with it is still theirs, and isn't given back.
    const lines = order.items.filter(({ productKey }) => productKey === order.booking?.productKey);
    const wasFree = order.amountTotal === 0 || lines.every(({ unitAmount }) => unitAmount === 0);
    const calendar = await calendarOf(oncepaid, orderId, locale);
    return {
      to: buyerOf(order),
      locale,
      subject: t("booking_canceled.subject"),
      heading: t("booking_canceled.heading"),
      blocks: [
        { kind: "text", text: t("booking_canceled.intro") },
        {
          kind: "rows",
          rows: [
            ...itemRows({ items: lines }, locale),
            ...(await placeRows(oncepaid, orderId, locale)),
            numberRow(order, locale),
          ],
        },
        ...(wasFree ? [] : [{ kind: "text", text: t("booking_canceled.money") } as const]),
        { kind: "link", label: t("booking_canceled.link"), path: "/pricing" },
      ],
      attachments: calendar ? [calendar] : [],
    };
  },
});
