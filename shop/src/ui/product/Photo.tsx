import type { Picture } from "#/catalog/shop-product.ts";
import { inLanguage, type Locale } from "#/locale.ts";

type PhotoProps = { picture: Picture; locale: Locale; className: string | undefined; later?: boolean };

/** A picture of a product, as its file is: shops have their pictures made for their page, and no process here has to draw them anew. */
export function Photo({
  picture: { src, width, height, alt },
  locale,
  className,
  later = false,
}: PhotoProps) {
  return (
    // biome-ignore lint/performance/noImgElement: next/image draws each picture anew in several sizes, for 37 kB of JPEG.
    <img
      src={src}
      width={width}
      height={height}
      alt={inLanguage(alt, locale)}
      loading={later ? "lazy" : "eager"}
      fetchPriority={later ? "auto" : "high"}
      className={className}
    />
  );
}
