import { z } from "zod";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To a buyer whose plan gives no access any more, and is therefore not charged again. */
export const billingStopped = kindOfLetter({
  about: z.object({ orderId: z.string(), why: z.enum(["ended", "duplicate", "duplicate_paused"]) }),
  after: following("billing.stopped", ({ orderId, subscriptionId, cause, action }) => {
    // Where it is left as it is, a person decides, and nothing has changed for the buyer yet.
    if (action === "left") return undefined;
    const duplicate = action === "paused" ? "duplicate_paused" : "duplicate";
    const why = cause === "duplicate" ? duplicate : "ended";
    return { key: `${subscriptionId}:${cause}`, about: { orderId, why } as const };
  }),
  write: async (oncepaid, { orderId, why }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    const t = mailText(locale);
    return {
      to: buyerOf(order),
      locale,
      subject: t("billing_stopped.subject"),
      heading: t("billing_stopped.heading"),
      blocks: [
        { kind: "text", text: t(`billing_stopped.${why}`) },
        { kind: "rows", rows: [...itemRows(order, locale), numberRow(order, locale)] },
        { kind: "link", label: t("billing_stopped.link"), path: "/account" },
      ],
    };
  },
});
