import type { AboutOrder } from "oncepaid";
import { z } from "zod";
import { makeSignInLink } from "#/accounts/links.ts";
import { claimOrder } from "#/accounts/ownership.ts";
import { NAME } from "#/brand/look.ts";
import { findProduct } from "#/catalog/products.ts";
import {
  aboutOrder,
  amountRow,
  buyerOf,
  longDate,
  numberRow,
  pricedRows,
  productNames,
  upcomingRow,
} from "#/mails/about-order.ts";
import { placeRows } from "#/mails/booking-rows.ts";
import { calendarOf } from "#/mails/calendar.ts";
import { type Block, following, kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

const fulfilled = following("order.fulfilled", ({ orderId }) => ({ key: orderId, about: { orderId } }));
/** Support sends it once more, each time under a key of its own. */
const wanted = following("receipt.wanted", ({ orderId, actionId }) => ({
  key: `${orderId}:${actionId}`,
  about: { orderId },
}));

/** The receipt, with the way to what was bought. It also brings the order to the account its buyer has by now. */
export const receipt = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: (happening) => fulfilled(happening) ?? wanted(happening),
  write: async (oncepaid, { orderId }, locale) => {
    const order = await aboutOrder(oncepaid, orderId);
    const ofVisitor = await claimOrder(oncepaid, orderId);
    const [email] = buyerOf(order);
    const t = mailText(locale);
    const way: Block[] =
      ofVisitor && email !== undefined
        ? [
            { kind: "text", text: t("receipt.signIn") },
            { kind: "link", label: t("receipt.account"), path: await makeSignInLink(email) },
            { kind: "note", text: t("receipt.linkLife") },
          ]
        : [{ kind: "link", label: t("receipt.account"), path: "/account" }];
    const calendar = await calendarOf(oncepaid, orderId, locale);
    const paid = order.paidAt ? [{ name: t("receipt.date"), value: longDate(order.paidAt, locale) }] : [];
    return {
      to: buyerOf(order),
      locale,
      subject: t("receipt.subject", { shop: NAME, products: productNames(order, locale) }),
      heading: t("receipt.heading"),
      blocks: [
        { kind: "text", text: t("receipt.intro") },
        {
          kind: "rows",
          rows: [
            ...pricedRows(order, locale),
            ...(await placeRows(oncepaid, orderId, locale)),
            ...amountRow(t("receipt.total"), order.amountTotal, order.currency, locale),
            ...paid,
            ...upcomingRow(order, locale),
            numberRow(order, locale),
          ],
        },
        ...kindsOf(order).map((kind): Block => ({ kind: "text", text: t(`receipt.${kind}`) })),
        ...way,
        // Of a plan the first: the receipt is sent with it.
        ...order.invoices
          .slice(0, 1)
          .map(({ url }): Block => ({ kind: "outside", label: t("receipt.invoice"), url })),
      ],
      attachments: calendar ? [calendar] : [],
    };
  },
});

function kindsOf({ items }: AboutOrder) {
  return [...new Set(items.flatMap(({ productKey }) => findProduct(productKey)?.kind ?? []))];
}
