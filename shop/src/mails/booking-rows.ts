import type { Engine } from "oncepaid/engine.ts";
import type { Locale } from "#/locale.ts";
import type { Row } from "#/mails/letter.ts";
import { mailText } from "#/mails/mail-text.ts";

/** When and where an order's booking takes place, told in the time of that place; nothing without a booking. */
export async function placeRows(engine: Engine, orderId: string, locale: Locale): Promise<Row[]> {
  const slot = await engine.database.db
    .selectFrom("booking")
    .innerJoin("slot", "slot.id", "booking.slot_id")
    .select(["slot.starts_at", "slot.ends_at", "slot.time_zone", "slot.place", "booking.places"])
    .where("booking.order_id", "=", orderId)
    .executeTakeFirst();
  if (!slot) return [];
  const t = mailText(locale);
  return [
    {
      name: t("rows.when"),
      value: period(slot.starts_at, slot.ends_at, slot.time_zone, locale),
      strong: true,
    },
    { name: t("rows.where"), value: slot.place },
    ...(slot.places > 1 ? [{ name: t("rows.places"), value: slot.places.toLocaleString(locale) }] : []),
  ];
}

function period(from: Date, to: Date, timeZone: string, locale: Locale): string {
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
