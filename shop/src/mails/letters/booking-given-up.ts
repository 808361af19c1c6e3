import { z } from "zod";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { placeRows } from "#/mails/booking-rows.ts";
import { calendarOf } from "#/mails/calendar.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";
import { formatMoney } from "#/texts/money.ts";

/** To a buyer who gave a booking up, with what goes back. Where it is released already, the file takes it out of the calendar. */
export const bookingGivenUp = kindOfLetter({
  /** `refund` in minor units; 0 where nothing goes back. */
  about: z.object({ orderId: z.string(), refund: z.int() }),
  after: following("booking.canceled", ({ orderId, byBuyer, refund = 0 }) =>
    byBuyer === undefined ? undefined : { key: `${orderId}:${byBuyer}`, about: { orderId, refund } },
  ),
  write: async (oncepaid, { orderId, refund }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    const t = mailText(locale);
    const calendar = await calendarOf(oncepaid, orderId, locale);
    const { amountTotal, currency } = order;
    const money =
      refund > 0 && currency !== null
        ? t("booking_given_up.money", { amount: formatMoney(refund, currency, locale) })
        : t("booking_given_up.noMoney");
    return {
      to: buyerOf(order),
      locale,
      subject: t("booking_given_up.subject"),
      heading: t("booking_given_up.heading"),
      blocks: [
        { kind: "text", text: t("booking_given_up.intro") },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...(await placeRows(oncepaid, orderId, locale)),
            numberRow(order, locale),
          ],
        },
        ...(amountTotal === 0 ? [] : [{ kind: "text", text: money } as const]),
        { kind: "link", label: t("booking_given_up.link"), path: "/" },
      ],
      // The refund's mail brings it, once the place is free.
      attachments: calendar?.cancels ? [calendar] : [],
    };
  },
});
