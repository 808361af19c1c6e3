import compile from "icu-minify/compile";
import type { Locale } from "#/locale.ts";
import { TEXTS, type Texts } from "#/texts/texts.ts";

const parsed = new Map<Locale, Texts>();

/**
 * The texts of the pages with what stands in braces taken apart, once for the process: the formatter of the pages has no parser
 * (next.config.mjs), so that browsers load none.
 */
export function parsedTexts(locale: Locale): Texts {
  const known = parsed.get(locale) ?? parse(locale);
  parsed.set(locale, known);
  return known;
}

function parse(locale: Locale): Texts {
  const read: unknown = JSON.parse(JSON.stringify(TEXTS[locale]), (_key, text: unknown) =>
    typeof text === "string" ? compile(text) : text,
  );
  // Copied, because the parser's objects have no prototype, and React sends none of those to a browser.
  return JSON.parse(JSON.stringify(read));
}
