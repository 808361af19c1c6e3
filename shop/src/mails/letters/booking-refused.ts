import { z } from "zod";
import { aboutOrder, amountRow, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To a buyer whose payment came when no place was left. */
export const bookingRefused = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("booking.refused", ({ orderId }) => ({ key: orderId, about: { orderId } })),
  write: async (oncepaid, { orderId }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    const t = mailText(locale);
    const isFree = order.amountTotal === 0;
    return {
      to: buyerOf(order),
      locale,
      subject: t("booking_refused.subject"),
      heading: t("booking_refused.heading"),
      blocks: [
        {
          kind: "text",
          text: isFree
            ? t("booking_refused.intro")
            : `${t("booking_refused.intro")} ${t("booking_refused.money")}`,
        },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...(isFree
              ? []
              : amountRow(t("booking_refused.amount"), order.amountTotal, order.currency, locale)),
            numberRow(order, locale),
          ],
        },
        { kind: "link", label: t("booking_refused.link"), path: "/pricing" },
      ],
    };
  },
});
