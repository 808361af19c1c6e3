import type { ShopOncepaid } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";
import type { Row } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** When and where an order's booking takes place, told in the time of that place; nothing without a booking. */
export async function placeRows(oncepaid: ShopOncepaid, orderId: string, locale: Locale): Promise<Row[]> {
  const booking = (await oncepaid.about(orderId))?.booking;
  if (!booking) return [];
  const t = mailText(locale);
  return [
    {
      name: t("rows.when"),
      value: period(booking.startsAt, booking.endsAt, booking.timeZone, locale),
      strong: true,
    },
    { name: t("rows.where"), value: booking.place },
    ...(booking.places > 1 ? [{ name: t("rows.places"), value: booking.places.toLocaleString(locale) }] : []),
  ];
}

/** From when until when, in the time of that place. */
export function period(from: Date, to: Date, timeZone: string, locale: Locale): string {
  const format = new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZone,
    timeZoneName: "short",
  });
  return format.formatRange(from, to);
}
