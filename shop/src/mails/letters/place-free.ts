import { z } from "zod";
import { addressesOf } from "#/accounts/addresses.ts";
import { nameOf } from "#/mails/about-order.ts";
import { period } from "#/mails/booking-rows.ts";
import { kindOfLetter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";
import { isOpen, waitOn } from "#/waiting/waiting-list.ts";

/** To somebody who waited for a place on a date that was sold out. Nothing once it can't be booked any more, or the account is gone. */
export const placeFree = kindOfLetter({
  about: z.object({ slotId: z.string(), userId: z.string() }),
  write: async (oncepaid, { slotId, userId }, locale) => {
    const slot = await oncepaid.slots.find(slotId);
    const email = (await addressesOf([userId])).get(userId);
    if (!slot || email === undefined) return undefined;
    if (!isOpen(slot) || slot.placesLeft <= 0) {
      await waitOn({ slotId, userId });
      return undefined;
    }
    const t = mailText(locale);
    const product = nameOf(slot.productKey, locale);
    const when = period(new Date(slot.startsAt), new Date(slot.endsAt), slot.timeZone, locale);
    return {
      to: [email],
      locale,
      because: "waiting",
      subject: t("place_free.subject", { product }),
      heading: t("place_free.heading"),
      blocks: [
        { kind: "text", text: t("place_free.intro") },
        {
          kind: "rows",
          rows: [
            { name: t("place_free.what"), value: product },
            { name: t("rows.when"), value: when, strong: true },
          ],
        },
        { kind: "link", label: t("place_free.link"), path: `/products/${slot.productKey}` },
        { kind: "note", text: t("place_free.once") },
      ],
    };
  },
});
