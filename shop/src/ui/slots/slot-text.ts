import type { Locale } from "#/locale.ts";

/** A date where it takes place: what its clock and its calendar show there. Times are ISO 8601. */
type SlotTime = { startsAt: string; endsAt: string; timeZone: string };

/** "Saturday, December 12, 2026" */
export function dayOf({ startsAt, timeZone }: SlotTime, locale: Locale): string {
  const parts = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
  return new Intl.DateTimeFormat(locale, { ...parts, timeZone }).format(new Date(startsAt));
}

/** "10:00 AM – 1:00 PM"; with both days where it lasts longer. */
export function hoursOf({ startsAt, endsAt, timeZone }: SlotTime, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", timeZone }).formatRange(
    new Date(startsAt),
    new Date(endsAt),
  );
}

/** "Central European Standard Time", with summer time where it is. */
export function zoneOf({ startsAt, timeZone }: SlotTime, locale: Locale): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "long" }).formatToParts(
    new Date(startsAt),
  );
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

/** Whether both clocks show the same at that moment. */
export function sameClock(at: string, a: string, b: string): boolean {
  const clock = (timeZone: string) =>
    new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short", timeStyle: "short" }).format(new Date(at));
  return clock(a) === clock(b);
}
