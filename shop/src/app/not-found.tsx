import type { Metadata } from "next";
import { Notice } from "#/ui/frame/Notice.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("missing.pageTitle") };
}

export default async function NotFound() {
  const { t } = await pageLanguage();
  return (
    <Notice
      icon="info"
      title={t("missing.title")}
      actions={<LinkButton href="/">{t("missing.back")}</LinkButton>}
    >
      <p>{t("missing.text")}</p>
    </Notice>
  );
}
