import type { Locale } from "#/locale.ts";

/** "December 12, 2026": a day that a plan or an invitation ends, by the calendar of UTC. `at` is ISO 8601. */
export function dateText(at: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(at));
}
