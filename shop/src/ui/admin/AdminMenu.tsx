import Link from "next/link";
import type { Caller } from "oncepaid";
import { hasRole } from "oncepaid/routes";
import classes from "#/ui/admin/AdminMenu.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** Where an operator may go, by their role. */
export async function AdminMenu({ caller }: { caller: Caller }) {
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
      <Link href="/admin/audit" className={classes.link}>
        {t("desk.audit.title")}
      </Link>
      {hasRole(caller, "owner") && (
        <Link href="/admin/operators" className={classes.link}>
          {t("desk.operators.title")}
        </Link>
      )}
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
