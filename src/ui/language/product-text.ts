import type { Locale } from "#/locale.ts";
import { MESSAGES } from "#/ui/language/messages.ts";

export type ProductText = { name: string; description: string; gets: string[] };

/** What a product is called, by its key; a product nobody has written about yet goes by the key itself. */
export function productText(locale: Locale, key: string): ProductText {
  const texts: Record<string, ProductText | undefined> = MESSAGES[locale].products;
  return texts[key] ?? { name: key, description: "", gets: [] };
}
