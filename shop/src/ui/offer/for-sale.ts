import { productText, type ShopOffer } from "#/catalog/products.ts";
import type { Locale } from "#/locale.ts";
import type { Translate } from "#/ui/language/page-language.ts";
import { renewalText } from "#/ui/offer/price-text.ts";

/** An offer as the parts of a page that run in the browser need it, in the reader's language. */
export type ForSale = {
  key: string;
  kind: ShopOffer["product"]["kind"];
  name: string;
  maxQuantity: number;
  /** What things add up to is worked out for show; what is paid is Stripe's own sum. Undefined while it isn't known. */
  price: { unitAmount: number; currency: string; renewal: string | undefined } | undefined;
};

export function forSale({ product, price }: ShopOffer, locale: Locale, t: Translate): ForSale {
  return {
    key: product.key,
    kind: product.kind,
    name: productText(locale, product.key).name,
    maxQuantity: product.maxQuantity,
    price: price && {
      unitAmount: price.unitAmount,
      currency: price.currency,
      renewal: renewalText(price, t),
    },
  };
}
