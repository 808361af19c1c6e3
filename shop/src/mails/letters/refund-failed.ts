import { z } from "zod";

import { aboutOrder, amountRow, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To a buyer whose refund the bank has sent back: what was paid still counts. */
export const refundFailed = kindOfLetter({
  about: z.object({ orderId: z.string(), refundId: z.string() }),
  after: following("refund.failed", ({ orderId, refundId }) => ({
    key: refundId,
    about: { orderId, refundId },
  })),
  write: async (oncepaid, { orderId, refundId }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);

    const t = mailText(locale);
    const amount = order.refunds.find(({ id }) => id === refundId)?.amount;
    return {
      to: buyerOf(order),
      locale,
      subject: t("refund_failed.subject"),
      heading: t("refund_failed.heading"),
      blocks: [
        { kind: "text", text: t("refund_failed.intro") },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...amountRow(t("refund_failed.amount"), amount, order.currency, locale),
            numberRow(order, locale),
          ],
        },
      ],
    };
  },
});
