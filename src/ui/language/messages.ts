import type { Locale } from "#/locale.ts";
import en from "#/ui/messages/en.json";
import hi from "#/ui/messages/hi.json";

/** Every text of the pages. English is the measure: a language that lacks one of its texts doesn't compile. */
export type Messages = typeof en;

export const MESSAGES: Record<Locale, Messages> = { en, hi };

declare module "use-intl/core" {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
