import type { Metadata } from "next";
import { headers } from "next/headers";
import { NAME } from "#/brand/look.ts";
import type { Picture } from "#/catalog/shop-product.ts";
import { inLanguage, LANGUAGE_HEADER, type Locale } from "#/locale.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { addressesOf, inLocale } from "#/ui/seo/addresses.ts";

type Shown = {
  /** From the shop's root: `/products/ebook`. */
  path: string;
  /** Without one the page goes by the shop's name. */
  title?: string;
  description?: string;
  picture?: Picture | undefined;
};

/** What search engines, and whoever shares a link, are told of a page that anybody may see. */
export async function pageMetadata({ path, title, description, picture }: Shown): Promise<Metadata> {
  const { locale } = await pageLanguage();
  // Asked for in one language the page is that language's own, and else the one for everybody.
  const url = (await headers()).has(LANGUAGE_HEADER) ? inLocale(path, locale) : path;
  const images = picture && [
    { url: picture.src, width: picture.width, height: picture.height, alt: inLanguage(picture.alt, locale) },
  ];
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    alternates: { canonical: url, languages: addressesOf(path) },
    openGraph: {
      type: "website",
      siteName: NAME,
      title: title ?? NAME,
      description,
      url,
      locale: openGraphLocale(locale),
      images,
    },
    twitter: { card: picture ? "summary_large_image" : "summary" },
  };
}

/** With the country, as Open Graph has it: en_US. Source: ogp.me, og:locale. */
function openGraphLocale(locale: Locale): string {
  const { language, region } = new Intl.Locale(locale).maximize();
  return `${language}_${region}`;
}
