import { z } from "zod";
import { config } from "#/config.ts";
import { aboutOrder, itemRows, numberRow, OPERATORS_LOCALE } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/**
 * To whoever runs the shop, where something is left to them: a plan gives no access any more and is still charged, or one that its buyer had
 * already is charged no more, and what was paid for it waits to be given back.
 */
export const billingLeft = kindOfLetter({
  about: z.object({
    orderId: z.string(),
    subscriptionId: z.string(),
    // Jobs of before say nothing.
    why: z.enum(["charged", "to_give_back"]).default("charged"),
  }),
  after: following("billing.stopped", ({ orderId, subscriptionId, cause, action }) => {
    const why = action === "left" ? "charged" : "to_give_back";
    const isLeft = action === "left" || (action === "paused" && cause === "duplicate");
    return isLeft
      ? { key: `${subscriptionId}:${cause}`, about: { orderId, subscriptionId, why } as const }
      : undefined;
  }),
  write: async (oncepaid, { orderId, subscriptionId, why }) => {
    const order = await aboutOrder(oncepaid, orderId);
    const locale = OPERATORS_LOCALE;
    const t = mailText(locale);
    const subscription = { name: t("billing_left.subscription"), value: subscriptionId };
    return {
      to: config().adminEmails,
      locale,
      because: "runs",
      subject: t(`billing_left.${why}.subject`, { subscription: subscriptionId }),
      heading: t(`billing_left.${why}.heading`),
      blocks: [
        { kind: "text", text: t(`billing_left.${why}.intro`) },
        { kind: "rows", rows: [...itemRows(order, locale), subscription, numberRow(order, locale)] },
        { kind: "link", label: t("billing_left.link"), path: `/admin/orders/${orderId}` },
      ],
    };
  },
});
