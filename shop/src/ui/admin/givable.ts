import { products, productText } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";

/** What can be given without an order: not a date, whose places are counted. */
export function givable(locale: Locale): { key: string; name: string }[] {
  return products
    .filter(({ kind }) => kind !== "booking")
    .map(({ key }) => ({ key, name: productText(locale, key).name }));
}
