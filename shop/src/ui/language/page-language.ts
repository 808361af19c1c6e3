import { headers } from "next/headers";
import { currencyOf } from "oncepaid";
import { cache } from "react";
import { createTranslator } from "use-intl/core";
import { type Locale, localeOf } from "#/locale.ts";
import { parsedTexts } from "#/texts/parsed.ts";

/** The language this request is answered in, with its texts; the same for every part of one page. */
export const pageLanguage = cache(async () => {
  const locale = localeOf(await headers());
  return { locale, t: translate(locale) };
});

/** The currency of this request's prices, where they have it. */
export const pageCurrency = cache(async () => currencyOf(await headers()));

export type Translate = ReturnType<typeof translate>;

function translate(locale: Locale) {
  return createTranslator({ locale, messages: parsedTexts(locale) });
}
