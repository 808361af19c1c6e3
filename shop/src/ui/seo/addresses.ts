import { LANGUAGE_PARAMETER, LOCALES, type Locale } from "#/locale.ts";

/** A page in one language, whatever the visitor's browser asks for. */
export function inLocale(path: string, locale: Locale): string {
  return `${path}?${LANGUAGE_PARAMETER}=${locale}`;
}

/** The same page in every language, for search engines; `x-default` is in the visitor's own. `origin` makes them whole addresses. */
export function addressesOf(path: string, origin = ""): Record<string, string> {
  const all = LOCALES.map((locale) => [locale, origin + inLocale(path, locale)] as const);
  return { ...Object.fromEntries(all), "x-default": origin + path };
}
