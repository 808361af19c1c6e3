import Link from "next/link";
import { BRAND } from "#/brand/brand.ts";
import { LEGAL_PAGES } from "#/brand/shape.ts";
import { Choices } from "#/ui/frame/Choices.tsx";
import classes from "#/ui/frame/Footer.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

export async function Footer() {
  const { t } = await pageLanguage();
  return (
    <footer className={classes.footer}>
      <nav aria-label={t("shop.more")} className={classes.links}>
        <Link href="/pricing" prefetch={false} className={classes.link}>
          {t("shop.pricing")}
        </Link>
        {LEGAL_PAGES.filter((name) => BRAND.legal[name] !== undefined).map((name) => (
          <Link key={name} href={`/${name}`} prefetch={false} className={classes.link}>
            {t(`legal.${name}`)}
          </Link>
        ))}
        <Link href="/contact" prefetch={false} className={classes.link}>
          {t("legal.contact")}
        </Link>
      </nav>
      <Choices />
      <p className={classes.words}>
        <span>{BRAND.seller.name}</span>
        <span>{t("shop.footer")}</span>
      </p>
    </footer>
  );
}
