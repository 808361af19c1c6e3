import { pageLanguage } from "#/ui/language/page-language.ts";
import classes from "#/ui/legal/LegalPage.module.css";
import { Seller } from "#/ui/legal/Seller.tsx";

export async function ContactPage() {
  const { t } = await pageLanguage();
  return (
    <article className={classes.page}>
      <h1 className={classes.heading}>{t("legal.contact")}</h1>
      <p className={classes.lead}>{t("legal.contactText")}</p>
      <Seller />
    </article>
  );
}
