import type { Metadata } from "next";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LegalPage } from "#/ui/legal/LegalPage.tsx";
import { pageMetadata } from "#/ui/seo/page-metadata.ts";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return pageMetadata({ path: "/terms", title: t("legal.terms") });
}

export default function TermsPage() {
  return <LegalPage name="terms" />;
}
