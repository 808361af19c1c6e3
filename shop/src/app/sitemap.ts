import type { MetadataRoute } from "next";
import { BRAND } from "#/brand/brand.ts";
import { LEGAL_PAGES } from "#/brand/shape.ts";
import { config } from "#/config.ts";
import { oncepaid } from "#/oncepaid.ts";
import { addressesOf } from "#/ui/seo/addresses.ts";

export const dynamic = "force-dynamic";

/** Every page that anybody may see, in each language. What is said elsewhere is no page of ours. */
export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  const { appUrl } = config();
  const sold = await oncepaid().products();
  const legal = LEGAL_PAGES.filter((name) => typeof BRAND.legal[name] === "object");
  const paths = [
    "/",
    "/pricing",
    ...sold.map(({ product }) => `/products/${product.key}`),
    ...legal.map((name) => `/${name}`),
    "/contact",
  ];
  return paths.map((path) => ({
    url: appUrl + path,
    alternates: { languages: addressesOf(path, appUrl) },
  }));
}
