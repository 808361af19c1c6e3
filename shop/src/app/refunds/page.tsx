import type { Metadata } from "next";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LegalPage } from "#/ui/legal/LegalPage.tsx";
import { pageMetadata } from "#/ui/seo/page-metadata.ts";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return pageMetadata({ path: "/refunds", title: t("legal.refunds") });
}

export default function RefundsPage() {
  return <LegalPage name="refunds" />;
}
