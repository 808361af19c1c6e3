import { pageLanguage } from "#/ui/language/page-language.ts";
import { Catalog } from "#/ui/shop/Catalog.tsx";
import { Opening } from "#/ui/shop/Opening.tsx";
import { Steps } from "#/ui/shop/Steps.tsx";

export default async function HomePage() {
  const { t } = await pageLanguage();
  return (
    <>
      <Opening title={t("home.title")} lead={t("home.lead")} grand />
      <Catalog />
      <Steps />
    </>
  );
}
