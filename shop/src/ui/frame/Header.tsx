import Link from "next/link";
import { NAME } from "#/brand/brand.ts";
import { AccountLink } from "#/ui/frame/AccountLink.tsx";
import { CartLink } from "#/ui/frame/CartLink.tsx";
import classes from "#/ui/frame/Header.module.css";
import { Logo } from "#/ui/frame/Logo.tsx";
import { LanguageSwitch } from "#/ui/language/LanguageSwitch.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";

export async function Header() {
  const { t } = await pageLanguage();
  return (
    <header className={classes.header}>
      <Link href="/" className={classes.brand}>
        <Logo />
        <span className={classes.name} lang="en">
          {NAME}
        </span>
        <span className={classes.suffix}>{t("shop.suffix")}</span>
      </Link>
      <nav aria-label={t("shop.menu")} className={classes.menu}>
        <Link href="/pricing" className={classes.pricing}>
          {t("shop.pricing")}
        </Link>
        <CartLink />
        <AccountLink />
      </nav>
      <LanguageSwitch />
    </header>
  );
}
