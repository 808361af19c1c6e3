import Link from "next/link";
import classes from "#/ui/admin/AdminMenu.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

export async function AdminMenu() {
  const { t } = await pageLanguage();
  return (
    <nav aria-label={t("admin.menu")} className={classes.menu}>
      <Link href="/admin" className={classes.link}>
        {t("admin.overview")}
      </Link>
      <Link href="/admin/orders" className={classes.link}>
        {t("desk.orders")}
      </Link>
      <Link href="/admin/slots" className={classes.link}>
        {t("admin.slots")}
      </Link>
      <form action="/admin/orders" className={classes.search}>
        <input
          name="q"
          aria-label={t("desk.search")}
          placeholder={t("desk.search")}
          className={classes.input}
          autoComplete="off"
          required
        />
        <button type="submit" className={classes.go}>
          {t("desk.find")}
        </button>
      </form>
    </nav>
  );
}
