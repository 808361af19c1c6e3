import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { productText } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { pageCurrency, pageLanguage } from "#/ui/language/page-language.ts";
import { ProductPage } from "#/ui/product/ProductPage.tsx";
import { pageMetadata } from "#/ui/seo/page-metadata.ts";

type Props = { params: Promise<{ key: string }> };

const offerOf = cache(async (key: string) => {
  const sold = await oncepaid().products({ currency: await pageCurrency() });
  return sold.find(({ product }) => product.key === key);
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { locale, t } = await pageLanguage();
  const offer = await offerOf((await params).key);
  if (!offer) return { title: t("missing.pageTitle") };
  const { key, pictures } = offer.product;
  const { name, description } = productText(locale, key);
  return pageMetadata({ path: `/products/${key}`, title: name, description, picture: pictures[0] });
}

export default async function Page({ params }: Props) {
  const offer = await offerOf((await params).key);
  if (!offer) notFound();
  return <ProductPage offer={offer} />;
}
