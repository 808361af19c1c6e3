import type { Locale } from "#/locale.ts";

/** Each language is named in itself, for those who read only that one. */
export const LANGUAGE_NAMES: Record<Locale, { shown: string; spoken: string }> = {
  en: { shown: "EN", spoken: "EN, English" },
  hi: { shown: "हिन्दी", spoken: "हिन्दी" },
};
