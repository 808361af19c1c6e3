import type { Metadata } from "next";
import { BRAND } from "#/brand/brand.ts";
import { inLanguage } from "#/locale.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { pageMetadata } from "#/ui/seo/page-metadata.ts";
import { Catalog } from "#/ui/shop/Catalog.tsx";
import { Opening } from "#/ui/shop/Opening.tsx";
import { Steps } from "#/ui/shop/Steps.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { locale } = await pageLanguage();
  return pageMetadata({ path: "/", description: inLanguage(BRAND.description, locale) });
}

export default async function HomePage() {
  const { locale } = await pageLanguage();
  return (
    <>
      <Opening
        title={inLanguage(BRAND.home.title, locale)}
        lead={inLanguage(BRAND.home.lead, locale)}
        grand
      />
      <Catalog />
      <Steps />
    </>
  );
}
