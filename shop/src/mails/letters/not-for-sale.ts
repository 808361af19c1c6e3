import { z } from "zod";
import { config } from "#/config.ts";
import { nameOf, OPERATORS_LOCALE } from "#/mails/about-order.ts";
import { following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To whoever runs the shop: somebody wanted to buy what Stripe doesn't sell. */
export const notForSale = kindOfLetter({
  about: z.object({ productKey: z.string(), price: z.string() }),
  after: following("price.unavailable", ({ productKey, price, at }) => ({
    key: `${productKey}:${price}:${at}`,
    about: { productKey, price },
  })),
  write: async (_oncepaid, { productKey, price }) => {
    const locale = OPERATORS_LOCALE;
    const t = mailText(locale);
    const product = nameOf(productKey, locale);
    return {
      to: config().adminEmails,
      locale,
      because: "runs",
      subject: t("not_for_sale.subject", { product }),
      heading: t("not_for_sale.heading"),
      blocks: [
        { kind: "text", text: t("not_for_sale.intro") },
        {
          kind: "rows",
          rows: [
            { name: t("not_for_sale.product"), value: `${product} (${productKey})` },
            { name: t("not_for_sale.price"), value: price },
          ],
        },
        { kind: "note", text: t("not_for_sale.note") },
      ],
    };
  },
});
