import { createTranslator } from "use-intl/core";
import type { Locale } from "#/locale.ts";
import { TEXTS } from "#/texts/texts.ts";

/** The texts of the mails in one language, by keys such as `receipt.subject`. */
export function mailText(locale: Locale) {
  return createTranslator({ locale, messages: TEXTS[locale], namespace: "mails" });
}
