import { z } from "zod";
import type { ShopOncepaid } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";
import { aboutOrder, buyerOf, itemRows, numberRow } from "#/mails/about-order.ts";
import { placeRows } from "#/mails/booking-rows.ts";
import { calendarOf } from "#/mails/calendar.ts";
import { following, kindOfLetter, type Letter } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** To a buyer whose refund failed: the booking stands again. */
export const booking = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("refund.failed", ({ orderId, refundId }) => ({ key: refundId, about: { orderId } })),
  write: (oncepaid, { orderId }, locale) => whenAndWhere(oncepaid, orderId, "booking", locale),
});

/** To a buyer whose booking takes place somewhere else than when it was made. */
export const bookingChanged = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("booking.changed", ({ orderId, at, moved }) =>
    moved ? undefined : { key: `${orderId}:${at}`, about: { orderId } },
  ),
  write: (oncepaid, { orderId }, locale) => whenAndWhere(oncepaid, orderId, "booking_changed", locale),
});

/** To a buyer whose date was moved to another time. */
export const bookingMoved = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("booking.changed", ({ orderId, at, moved, byBuyer }) =>
    moved && !byBuyer ? { key: `${orderId}:${at}`, about: { orderId } } : undefined,
  ),
  write: (oncepaid, { orderId }, locale) => whenAndWhere(oncepaid, orderId, "booking_moved", locale),
});

/** To a buyer who has chosen another date. */
export const bookingRebooked = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("booking.changed", ({ orderId, at, byBuyer }) =>
    byBuyer ? { key: `${orderId}:${at}`, about: { orderId } } : undefined,
  ),
  write: (oncepaid, { orderId }, locale) => whenAndWhere(oncepaid, orderId, "booking_rebooked", locale),
});

/** To a buyer who gave it up, and was told that this was asked for: Stripe has refused the refund, and the booking stands. */
export const bookingKept = kindOfLetter({
  about: z.object({ orderId: z.string() }),
  after: following("booking.kept", ({ orderId, actionId }) => ({ key: actionId, about: { orderId } })),
  write: (oncepaid, { orderId }, locale) => whenAndWhere(oncepaid, orderId, "booking_kept", locale),
});

/** When and where, with the date for the calendar; nothing if it isn't booked any more. */
async function whenAndWhere(
  oncepaid: ShopOncepaid,
  orderId: string,
  mail: "booking" | "booking_changed" | "booking_moved" | "booking_rebooked" | "booking_kept",
  locale: Locale,
): Promise<Letter | undefined> {
  const calendar = await calendarOf(oncepaid, orderId, locale);
  if (!calendar || calendar.cancels) return undefined;
  const order = await aboutOrder(oncepaid, orderId);
  const t = mailText(locale);
  return {
    to: buyerOf(order),
    locale,
    subject: t(`${mail}.subject`),
    heading: t(`${mail}.heading`),
    blocks: [
      { kind: "text", text: t(`${mail}.intro`) },
      {
        kind: "rows",
        rows: [
          ...itemRows(order, locale),
          ...(await placeRows(oncepaid, orderId, locale)),
          numberRow(order, locale),
        ],
      },
      { kind: "link", label: t(`${mail}.link`), path: "/account" },
    ],
    attachments: [calendar],
  };
}
