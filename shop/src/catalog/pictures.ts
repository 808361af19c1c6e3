import type { Product } from "oncepaid";
import type { Picture } from "#/catalog/shop-product.ts";

/** The products with the addresses of their pictures, for Stripe's payment page; with none where it couldn't reach them. */
export function withPictures<Sold extends Product & { pictures: readonly Picture[] }>(
  products: readonly Sold[],
  appUrl: string | undefined,
): Sold[] {
  return products.map((product) => ({
    ...product,
    images: appUrl === undefined ? [] : product.pictures.map(({ src }) => appUrl + src),
  }));
}
