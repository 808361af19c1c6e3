import { z } from "zod";
import { config } from "#/config.ts";
import { aboutOrder, itemRows, numberRow, OPERATORS_LOCALE } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To whoever runs the shop, where the plan's policy leaves it to them: it gives no access any more and is still charged. */
export const billingLeft = kindOfLetter({
  about: z.object({ orderId: z.string(), subscriptionId: z.string() }),
  after: following("billing.stopped", ({ orderId, subscriptionId, cause, action }) =>
    action === "left" ? { key: `${subscriptionId}:${cause}`, about: { orderId, subscriptionId } } : undefined,
  ),
  write: async (oncepaid, { orderId, subscriptionId }) => {
    const order = await aboutOrder(oncepaid, orderId);
    const locale = OPERATORS_LOCALE;
    const t = mailText(locale);
    const subscription = { name: t("billing_left.subscription"), value: subscriptionId };
    return {
      to: config().adminEmails,
      locale,
      subject: t("billing_left.subject", { subscription: subscriptionId }),
      heading: t("billing_left.heading"),
      blocks: [
        { kind: "text", text: t("billing_left.intro") },
        { kind: "rows", rows: [...itemRows(order, locale), subscription, numberRow(order, locale)] },
      ],
    };
  },
});
