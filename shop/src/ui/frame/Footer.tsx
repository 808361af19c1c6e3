import Link from "next/link";
import { NAME } from "#/brand/look.ts";
import classes from "#/ui/frame/Footer.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

export async function Footer() {
  const { t } = await pageLanguage();
  return (
    <footer className={classes.footer}>
      <span>
        <span lang="en">{NAME}</span> ·{" "}
        <Link href="/pricing" className={classes.link}>
          {t("shop.pricing")}
        </Link>
      </span>
      <span>{t("shop.footer")}</span>
    </footer>
  );
}
