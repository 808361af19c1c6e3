import { z } from "zod";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To a buyer whose plan gives access again after its payments had been paused, and is charged again. */
export const billingResumed = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("billing.resumed", ({ orderId, subscriptionId, at }) => ({
    key: `${subscriptionId}:${at}`,
    about: { orderId },
  })),
  write: async (oncepaid, { orderId }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    const t = mailText(locale);
    return {
      to: buyerOf(order),
      locale,
      subject: t("billing_resumed.subject"),
      heading: t("billing_resumed.heading"),
      blocks: [
        { kind: "text", text: t("billing_resumed.intro") },
        { kind: "rows", rows: [...itemRows(order, locale), numberRow(order, locale)] },
        { kind: "link", label: t("billing_resumed.link"), path: "/account" },
      ],
    };
  },
});
