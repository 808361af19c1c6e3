import { z } from "zod";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To a buyer whose trial was ended, because the card or the address had one before. */
export const trialRefused = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("trial.refused", ({ orderId }) => ({ key: orderId, about: { orderId } })),
  write: async (oncepaid, { orderId }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    const t = mailText(locale);
    return {
      to: buyerOf(order),
      locale,
      subject: t("trial_refused.subject"),
      heading: t("trial_refused.heading"),
      blocks: [
        { kind: "text", text: t("trial_refused.intro") },
        { kind: "rows", rows: [...itemRows(order, locale), numberRow(order, locale)] },
        { kind: "link", label: t("trial_refused.link"), path: "/pricing" },
      ],
    };
  },
});
