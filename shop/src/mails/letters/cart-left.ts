import { z } from "zod";
import { addressesOf } from "#/accounts/addresses.ts";
import { itemRows } from "#/mails/about-order.ts";
import { kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";
import { leftCartsOf } from "#/reminders/left-carts.ts";
import { stopLink, stopPath } from "#/reminders/stop-link.ts";
import { remindsOfCarts, wishOf } from "#/reminders/wishes.ts";

/**
 * To somebody who wanted to be reminded of a cart they left. Nothing when they don't want it any more, or have paid, or the shop has turned it
 * off meanwhile, and to nobody who was erased.
 */
export const cartLeft = kindOfLetter({
  about: z.object({ userId: z.string(), orderId: z.string() }),
  write: async (oncepaid, { userId, orderId }, locale) => {
    if (!remindsOfCarts() || (await wishOf(userId)) === undefined) return undefined;
    const cart = (await leftCartsOf(oncepaid, userId)).find(({ id }) => id === orderId);
    const email = (await addressesOf([userId])).get(userId);
    if (!cart || email === undefined) return undefined;
    const t = mailText(locale);
    return {
      to: [email],
      locale,
      because: "cart",
      endedBy: stopPath(userId),
      subject: t("cart_left.subject"),
      heading: t("cart_left.heading"),
      blocks: [
        { kind: "text", text: t("cart_left.intro") },
        { kind: "rows", rows: itemRows(cart, locale) },
        { kind: "link", label: t("cart_left.link"), path: `/cart?order_id=${orderId}` },
        { kind: "note", text: t("cart_left.once") },
        { kind: "link", quiet: true, label: t("cart_left.stop"), path: stopLink(userId) },
      ],
    };
  },
});
