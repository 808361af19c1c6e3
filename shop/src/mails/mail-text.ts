import { createTranslator } from "use-intl/core";
import formatMessage from "use-intl/format-message";
import type { Locale } from "#/locale.ts";
import { parsedTexts } from "#/texts/parsed.ts";
import { TEXTS } from "#/texts/texts.ts";

/** The texts of the mails in one language, by keys such as `receipt.subject`. */
export function mailText(locale: Locale) {
  // Where only Next runs, mails are written with the formatter of its pages, which reads no raw texts (next.config.mjs).
  const messages = formatMessage.raw ? TEXTS[locale] : parsedTexts(locale);
  return createTranslator({ locale, messages, namespace: "mails" });
}
