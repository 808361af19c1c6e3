import { z } from "zod";
import { config } from "#/config.ts";
import { aboutOrder, amountRow, itemRows, numberRow, OPERATORS_LOCALE } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";
import { orderNumber } from "#/texts/order-number.ts";

/** To whoever runs the shop: a refund came back, and the buyer waits for another way to get the money. */
export const refundFailedNotice = kindOfLetter({
  about: z.object({ orderId: z.string(), refundId: z.string() }),
  after: following("refund.failed", ({ orderId, refundId }) => ({
    key: refundId,
    about: { orderId, refundId },
  })),
  write: async (oncepaid, { orderId, refundId }) => {
    const order = await aboutOrder(oncepaid, orderId);
    const locale = OPERATORS_LOCALE;
    const t = mailText(locale);
    const amount = order.refunds.find(({ id }) => id === refundId)?.amount;
    return {
      to: config().adminEmails,
      locale,
      because: "runs",
      subject: t("refund_failed_notice.subject", { order: orderNumber(orderId) }),
      heading: t("refund_failed_notice.heading"),
      blocks: [
        { kind: "text", text: t("refund_failed_notice.intro") },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...amountRow(t("refund_failed_notice.amount"), amount, order.currency, locale),
            numberRow(order, locale),
          ],
        },
      ],
    };
  },
});
