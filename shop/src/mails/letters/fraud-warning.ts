import { z } from "zod";
import { config } from "#/config.ts";
import { aboutOrder, amountRow, itemRows, numberRow, OPERATORS_LOCALE } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";
import { orderNumber } from "#/texts/order-number.ts";

/** To whoever runs the shop: a card's bank suspects that a payment was fraud, and a refund may prevent a dispute. */
export const fraudWarning = kindOfLetter({
  about: z.object({ orderId: z.string(), warningId: z.string() }),
  after: following("payment.early_fraud_warning", ({ orderId, warningId }) => ({
    key: warningId,
    about: { orderId, warningId },
  })),
  write: async (oncepaid, { orderId, warningId }) => {
    const order = await aboutOrder(oncepaid, orderId);
    const locale = OPERATORS_LOCALE;
    const t = mailText(locale);
    return {
      to: config().adminEmails,
      locale,
      because: "runs",
      subject: t("fraud_warning.subject", { order: orderNumber(orderId) }),
      heading: t("fraud_warning.heading"),
      blocks: [
        { kind: "text", text: t("fraud_warning.intro") },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...amountRow(t("fraud_warning.amount"), order.amountTotal, order.currency, locale),
            { name: t("fraud_warning.warning"), value: warningId },
            numberRow(order, locale),
          ],
        },
        { kind: "link", label: t("fraud_warning.link"), path: `/admin/orders/${orderId}` },
      ],
    };
  },
});
