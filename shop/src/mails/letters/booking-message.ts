import { z } from "zod";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { placeRows } from "#/mails/booking-rows.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To everybody who has booked a date, in the words of whoever offers it; nothing if it isn't booked any more. */
export const bookingMessage = kindOfLetter({
  about: z.object({ orderId: z.string(), messageId: z.string() }),
  after: following("booking.message", ({ orderId, messageId }) => ({
    key: `${orderId}:${messageId}`,
    about: { orderId, messageId },
  })),
  write: async (oncepaid, { orderId, messageId }, locale) => {
    const [order, message] = [
      await aboutOrder(oncepaid, orderId),
      await oncepaid.slots.findMessage(messageId),
    ];
    if (!message || order.booking?.state !== "booked") return undefined;
    const paragraphs = message.text.split(/\n\s*\n/).filter((text) => text.trim() !== "");
    return {
      to: buyerOf(order),
      locale,
      because: "booked",
      subject: message.subject,
      heading: message.subject,
      blocks: [
        ...paragraphs.map((text) => ({ kind: "text" as const, text: text.trim() })),
        { kind: "text", text: mailText(locale)("booking_message.about") },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...(await placeRows(oncepaid, orderId, locale)),
            numberRow(order, locale),
          ],
        },
      ],
    };
  },
});
