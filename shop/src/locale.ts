import { LOCALES } from "#/locales.ts";

/** The languages of the pages, and which one a request is to be answered in. */
export { LOCALES };
export type Locale = (typeof LOCALES)[number];
export const LOCALE_COOKIE = "locale";
/** `?lang=hi` asks for a page in that language, for search engines and for links; whoever follows one goes on in it. */
export const LANGUAGE_PARAMETER = "lang";
/** Set on such a request by proxy.ts. */
export const LANGUAGE_HEADER = "x-page-language";

/** The language the products and the brand have every text in. */
export const LANGUAGE = "en";

/** A text in each language; a language that lacks it shows the English one. */
export type InLanguages<Text = string> = Readonly<
  Partial<Record<Locale, Text>> & Record<typeof LANGUAGE, Text>
>;

export function inLanguage<Text>(texts: InLanguages<Text>, locale: Locale): Text {
  return texts[locale] ?? texts[LANGUAGE];
}

/** The language the visitor chose, else the first of the browser's languages that we have, else English. */
export function localeOf(headers: Headers): Locale {
  const wanted = wantedLanguages(headers).map((tag) => tag.split("-")[0]);
  return wanted.flatMap((name) => LOCALES.filter((locale) => locale === name))[0] ?? LANGUAGE;
}

/** Language tags, the most wanted first: the visitor's choice, then the browser's. */
export function wantedLanguages(headers: Headers): string[] {
  const chosen = new RegExp(`(?:^|;\\s*)${LOCALE_COOKIE}=([a-z]+)`).exec(headers.get("cookie") ?? "")?.[1];
  const browsers = (headers.get("accept-language") ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", quality = "q=1"] = part.trim().split(";");
      return { tag, quality: Number(quality.replace(/^\s*q=/, "")) || 0 };
    })
    .sort((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
  return chosen === undefined ? browsers : [chosen, ...browsers];
}
