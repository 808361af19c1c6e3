import { z } from "zod";
import { config } from "#/config.ts";
import { aboutOrder, itemRows, numberRow, OPERATORS_LOCALE } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";
import { orderNumber } from "#/texts/order-number.ts";

/** To whoever runs the shop: a buyer wants to cancel, and Stripe has refused the refund. */
export const bookingKeptNotice = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("booking.kept", ({ orderId, actionId }) => ({ key: actionId, about: { orderId } })),
  write: async (oncepaid, { orderId }) => {
    const order = await aboutOrder(oncepaid, orderId);
    const locale = OPERATORS_LOCALE;
    const t = mailText(locale);
    return {
      to: config().adminEmails,
      locale,
      because: "runs",
      subject: t("booking_kept_notice.subject", { order: orderNumber(orderId) }),
      heading: t("booking_kept_notice.heading"),
      blocks: [
        { kind: "text", text: t("booking_kept_notice.intro") },
        { kind: "rows", rows: [...itemRows(order, locale), numberRow(order, locale)] },
      ],
    };
  },
});
