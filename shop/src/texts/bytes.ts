import type { Locale } from "#/locale.ts";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "2.4 MB", in the reader's language; units of a thousand, as disks and downloads are counted. */
export function formatBytes(bytes: number, locale: Locale): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: UNITS[step] ?? "byte",
    maximumFractionDigits: step < 2 ? 0 : 1,
  }).format(bytes / 1000 ** step);
}
