import type { Caller } from "oncepaid";
import { hasRole } from "oncepaid/routes";
import classes from "#/ui/admin/AdminMenu.module.css";
import { MenuLink } from "#/ui/admin/MenuLink.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** Where an operator may go, by their role: first what the business needs every day, below it how it runs. */
export async function AdminMenu({ caller }: { caller: Caller }) {
  const { t } = await pageLanguage();
  return (
    <nav aria-label={t("admin.menu")} className={classes.menu}>
      <div className={classes.links}>
        <MenuLink href="/admin">{t("admin.overview")}</MenuLink>
        <MenuLink href="/admin/orders">{t("desk.orders")}</MenuLink>
        <MenuLink href="/admin/plans">{t("desk.plans.title")}</MenuLink>
        <MenuLink href="/admin/slots">{t("admin.slots")}</MenuLink>
      </div>
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
      <div className={classes.links} data-second>
        <MenuLink href="/admin/events">{t("desk.events.title")}</MenuLink>
        <MenuLink href="/admin/jobs">{t("desk.jobs.title")}</MenuLink>
        <MenuLink href="/admin/recovery">{t("desk.recovery.title")}</MenuLink>
        <MenuLink href="/admin/audit">{t("desk.audit.title")}</MenuLink>
        <MenuLink href="/admin/passkeys">{t("desk.passkeys.title")}</MenuLink>
        {hasRole(caller, "owner") && (
          <>
            <MenuLink href="/admin/codes">{t("desk.codes.title")}</MenuLink>
            <MenuLink href="/admin/operators">{t("desk.operators.title")}</MenuLink>
            <MenuLink href="/admin/keys">{t("desk.keys.title")}</MenuLink>
            <MenuLink href="/admin/endpoints">{t("desk.endpoints.title")}</MenuLink>
          </>
        )}
      </div>
    </nav>
  );
}
