import { notFound, redirect } from "next/navigation";
import { BRAND } from "#/brand/brand.ts";
import type { LegalPage as Page } from "#/brand/shape.ts";
import { inLanguage } from "#/locale.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import classes from "#/ui/legal/LegalPage.module.css";
import { Seller } from "#/ui/legal/Seller.tsx";

/** What the brand says under one of its legal names; where it says it elsewhere, the way there. */
export async function LegalPage({ name }: { name: Page }) {
  const { locale, t } = await pageLanguage();
  const said = BRAND.legal[name];
  if (said === undefined) notFound();
  if (typeof said === "string") redirect(said);
  return (
    <article className={classes.page} data-testid="legal">
      <h1 className={classes.heading}>{t(`legal.${name}`)}</h1>
      {inLanguage(said, locale).map(({ title, text }) => (
        <section key={title} className={classes.section}>
          <h2 className={classes.title}>{title}</h2>
          {text.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </section>
      ))}
      <section className={classes.section}>
        <h2 className={classes.title}>{t("legal.seller")}</h2>
        <Seller />
      </section>
    </article>
  );
}
