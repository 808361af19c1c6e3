import { z } from "zod";
import { aboutOrder, amountRow, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To a buyer whose bank wants a renewal confirmed; nothing when it has been paid since. */
export const paymentToConfirm = kindOfLetter({
  about: z.object({ orderId: z.string(), invoiceId: z.string() }),
  after: following("payment.action_required", ({ orderId, invoiceId }) => ({
    key: invoiceId,
    about: { orderId, invoiceId },
  })),
  write: async (oncepaid, { orderId, invoiceId }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    const payment = order.payments.find(({ id }) => id === invoiceId);
    const page = order.invoices.find(({ id }) => id === invoiceId);
    if (!payment || payment.paid || !page) return undefined;
    const t = mailText(locale);
    return {
      to: buyerOf(order),
      locale,
      subject: t("payment_to_confirm.subject"),
      heading: t("payment_to_confirm.heading"),
      blocks: [
        { kind: "text", text: t("payment_to_confirm.intro") },
        {
          kind: "rows",
          rows: [
            ...itemRows(order, locale),
            ...amountRow(t("payment_to_confirm.amount"), payment.amount, payment.currency, locale),
            numberRow(order, locale),
          ],
        },
        { kind: "outside", label: t("payment_to_confirm.link"), url: page.url },
      ],
    };
  },
});
