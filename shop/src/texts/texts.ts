import type { Locale } from "#/locale.ts";
import { ALL } from "#/texts/all.ts";

/**
 * Every text of the pages, the mails and the refused downloads; what a product is called stands with the product, in the
 * catalog. English is the measure: a language that lacks one of its texts doesn't compile.
 */
export type Texts = (typeof ALL)["en"];

export const TEXTS: Record<Locale, Texts> = ALL;

declare module "use-intl/core" {
  interface AppConfig {
    Locale: Locale;
    Messages: Texts;
  }
}
