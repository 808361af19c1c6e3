import Link from "next/link";
import { BRAND } from "#/brand/brand.ts";
import { inLanguage } from "#/locale.ts";
import { AccountLink } from "#/ui/frame/AccountLink.tsx";
import { CartLink } from "#/ui/frame/CartLink.tsx";
import classes from "#/ui/frame/Header.module.css";
import { Logo } from "#/ui/frame/Logo.tsx";
import { LanguageSwitch } from "#/ui/language/LanguageSwitch.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { visitor } from "#/ui/visitor/visitor.ts";

export async function Header() {
  const { locale, t } = await pageLanguage();
  const { isOperator } = await visitor();
  return (
    <header className={classes.header}>
      <Link href="/" prefetch={false} className={classes.brand}>
        <Logo />
        <span className={classes.name} lang="en">
          {BRAND.name}
        </span>
        {BRAND.suffix && <span className={classes.suffix}>{inLanguage(BRAND.suffix, locale)}</span>}
      </Link>
      <nav aria-label={t("shop.menu")} className={classes.menu}>
        <Link href="/pricing" prefetch={false} className={classes.word}>
          {t("shop.pricing")}
        </Link>
        {isOperator && (
          <Link href="/admin" prefetch={false} className={classes.word} data-testid="to-desk">
            {t("menu.desk")}
          </Link>
        )}
        <CartLink />
        <AccountLink />
      </nav>
      <LanguageSwitch names={BRAND.languages} />
    </header>
  );
}
