import type { Locale } from "#/locale.ts";
import { en } from "#/texts/en/en.ts";
import { hi } from "#/texts/hi/hi.ts";

/**
 * Every text of the pages, the mails and the refused downloads; what a product is called stands with the product, in the
 * catalog. English is the measure: a language that lacks one of its texts doesn't compile.
 */
export type Texts = typeof en;

export const TEXTS: Record<Locale, Texts> = { en, hi };

declare module "use-intl/core" {
  interface AppConfig {
    Locale: Locale;
    Messages: Texts;
  }
}
