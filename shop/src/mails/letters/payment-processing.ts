import { z } from "zod";
import { aboutOrder, amountRow, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To a buyer whose payment takes days; nothing once it has arrived or failed, which other mails tell. */
export const paymentProcessing = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("payment.processing", ({ orderId }) => ({ key: orderId, about: { orderId } })),
  write: async (oncepaid, { orderId }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    if (order.status !== "PENDING") return undefined;
    const t = mailText(locale);
    return {
      to: buyerOf(order),
      locale,
      subject: t("payment_processing.subject"),
      heading: t("payment_processing.heading"),
      blocks: [
        { kind: "text", text: t("payment_processing.intro") },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...amountRow(t("payment_processing.amount"), order.amountTotal, order.currency, locale),
            numberRow(order, locale),
          ],
        },
        { kind: "note", text: t("payment_processing.toPay") },
        { kind: "link", label: t("payment_processing.link"), path: "/account" },
      ],
    };
  },
});
