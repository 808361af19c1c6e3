import type { Locale } from "#/locale.ts";
import accountEn from "#/ui/messages/account.en.json";
import accountHi from "#/ui/messages/account.hi.json";
import adminEn from "#/ui/messages/admin.en.json";
import adminHi from "#/ui/messages/admin.hi.json";
import cartEn from "#/ui/messages/cart.en.json";
import cartHi from "#/ui/messages/cart.hi.json";
import shopEn from "#/ui/messages/en.json";
import shopHi from "#/ui/messages/hi.json";

const en = { ...shopEn, ...cartEn, ...accountEn, ...adminEn };
const hi = { ...shopHi, ...cartHi, ...accountHi, ...adminHi };

/** Every text of the pages. English is the measure: a language that lacks one of its texts doesn't compile. */
export type Messages = typeof en;

export const MESSAGES: Record<Locale, Messages> = { en, hi };

declare module "use-intl/core" {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}
