import type { ProductText } from "oncepaid/catalog/product.ts";
import { findProduct } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";

/** What a product is called, by its key; one that has left the catalog goes by the key itself. */
export function productText(locale: Locale, key: string): ProductText {
  return findProduct(key)?.text[locale] ?? { name: key, description: "", gets: [] };
}
