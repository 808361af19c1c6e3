import { z } from "zod";
import { aboutOrder, amountRow, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { calendarOf } from "#/mails/calendar.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** Of one refund, partial or full; nothing when the bank has sent it back meanwhile. */
export const refund = kindOfLetter({
  about: z.object({ orderId: z.string(), refundId: z.string() }),
  after: following("order.refunded", ({ orderId, refundId }) =>
    refundId === null ? undefined : { key: refundId, about: { orderId, refundId } },
  ),
  write: async (oncepaid, { orderId, refundId }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    const made = order.refunds.find(({ id }) => id === refundId);
    if (!made || made.failed) return undefined;
    const t = mailText(locale);
    const calendar = await calendarOf(oncepaid, orderId, locale);
    const isWhole = made.amount === order.amountRefunded;
    return {
      to: buyerOf(order),
      locale,
      subject: t("refund.subject"),
      heading: t("refund.heading"),
      blocks: [
        { kind: "text", text: t("refund.intro") },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...amountRow(t("refund.amount"), made.amount, order.currency, locale),
            ...(isWhole ? [] : amountRow(t("refund.total"), order.amountRefunded, order.currency, locale)),
            numberRow(order, locale),
          ],
        },
        ...(order.status === "REFUNDED" ? [{ kind: "text", text: t("refund.ended") } as const] : []),
      ],
      // The place went back with the money: so does the entry in the buyer's calendar.
      attachments: calendar?.cancels ? [calendar] : [],
    };
  },
});
