import type { Metadata } from "next";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { ContactPage } from "#/ui/legal/ContactPage.tsx";
import { pageMetadata } from "#/ui/seo/page-metadata.ts";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return pageMetadata({ path: "/contact", title: t("legal.contact"), description: t("legal.contactText") });
}

export default function Page() {
  return <ContactPage />;
}
