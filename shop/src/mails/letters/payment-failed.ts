import { z } from "zod";
import { aboutOrder, amountRow, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** Of a delayed first payment or of a renewal; nothing when it has been paid since. */
export const paymentFailed = kindOfLetter({
  about: z.object({ orderId: z.string(), stripeId: z.string() }),
  after: following("payment.failed", ({ orderId, stripeId }) => ({
    key: stripeId,
    about: { orderId, stripeId },
  })),
  write: async (oncepaid, { orderId, stripeId }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    const payment = order.payments.find(({ id }) => id === stripeId);
    if (payment ? payment.paid : order.paidAt !== null) return undefined;
    // Their bank only wants it confirmed, and they are told where (payment-to-confirm.ts).
    if (payment?.toConfirm && order.invoices.some(({ id }) => id === stripeId)) return undefined;
    const t = mailText(locale);
    const failed = payment?.by === "invoice" ? "renewal" : "first";
    const { amount, currency } = payment ?? { amount: order.amountTotal, currency: order.currency };
    return {
      to: buyerOf(order),
      locale,
      subject: t(`payment_failed.${failed}.subject`),
      heading: t(`payment_failed.${failed}.heading`),
      blocks: [
        { kind: "text", text: t(`payment_failed.${failed}.intro`) },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...amountRow(t("payment_failed.amount"), amount, currency, locale),
            numberRow(order, locale),
          ],
        },
        {
          kind: "link",
          label: t(`payment_failed.${failed}.link`),
          path: failed === "renewal" ? "/account" : "/pricing",
        },
      ],
    };
  },
});
