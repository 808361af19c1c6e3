import { z } from "zod";
import { config } from "#/config.ts";
import { aboutOrder, amountRow, itemRows, numberRow, OPERATORS_LOCALE } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To whoever runs the shop: a bank has taken money back and wants an answer. */
export const disputeOpened = kindOfLetter({
  about: z.object({ orderId: z.string(), disputeId: z.string() }),
  after: following("dispute.opened", ({ orderId, disputeId }) => ({
    key: disputeId,
    about: { orderId, disputeId },
  })),
  write: async (oncepaid, { orderId, disputeId }) => {
    const order = await aboutOrder(oncepaid, orderId);
    const locale = OPERATORS_LOCALE;
    const t = mailText(locale);
    const amount = order.disputes.find(({ id }) => id === disputeId)?.amount;
    return {
      to: config().adminEmails,
      locale,
      because: "runs",
      subject: t("dispute_opened.subject", { dispute: disputeId }),
      heading: t("dispute_opened.heading"),
      blocks: [
        { kind: "text", text: t("dispute_opened.intro") },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...amountRow(t("dispute_opened.amount"), amount, order.currency, locale),
            { name: t("dispute_opened.dispute"), value: disputeId },
            numberRow(order, locale),
          ],
        },
      ],
    };
  },
});
