import type { ShopOffer } from "#/catalog/products.ts";
import type { Translate } from "#/ui/language/page-language.ts";

const INTERVALS = ["day", "week", "month", "year"] as const;

/** How often it is paid: "per month", "every 3 months"; nothing for what is paid once. */
export function renewalText(price: ShopOffer["price"], t: Translate): string | undefined {
  const interval = INTERVALS.find((known) => known === price?.interval);
  return interval && t(`catalog.every.${interval}`, { count: price?.intervalCount ?? 1 });
}

/** The same as the name of a choice: "Monthly", "Every 3 months". */
export function howOften(price: ShopOffer["price"], t: Translate): string | undefined {
  const interval = INTERVALS.find((known) => known === price?.interval);
  return interval && t(`catalog.often.${interval}`, { count: price?.intervalCount ?? 1 });
}
