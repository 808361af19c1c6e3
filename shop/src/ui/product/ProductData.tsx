import type { PublicSlot } from "oncepaid";
import { productText, type ShopOffer } from "#/catalog/products.ts";
import { config } from "#/config.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { productData } from "#/ui/seo/product-data.ts";
import { StructuredData } from "#/ui/seo/StructuredData.tsx";

/** The product, once more for search engines. */
export async function ProductData(props: { offer: ShopOffer; slots: readonly PublicSlot[] | undefined }) {
  const { locale } = await pageLanguage();
  const { product, prices } = props.offer;
  const data = productData({
    origin: config().appUrl,
    path: `/products/${product.key}`,
    text: productText(locale, product.key),
    pictures: product.pictures,
    prices: Object.values(prices).filter((price) => price !== undefined),
    slots: props.slots,
  });
  return <StructuredData data={data} />;
}
