import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { hasRole } from "oncepaid/routes";
import type { ReactNode } from "react";
import { oncepaid } from "#/oncepaid.ts";
import classes from "#/ui/admin/AdminMenu.module.css";
import { AdminMenu } from "#/ui/admin/AdminMenu.tsx";
import { MayAct } from "#/ui/admin/MayAct.tsx";
import { Notice } from "#/ui/frame/Notice.tsx";
import { BrowserTexts } from "#/ui/language/BrowserTexts.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LinkButton } from "#/ui/look/LinkButton.tsx";

export const metadata = { robots: { index: false, follow: false } };

/** For the addresses in ADMIN_EMAILS and those an owner gave a role. Each page below asks again, because a layout isn't drawn for every request. */
export default async function AdminLayout({ children }: { children: ReactNode }) {
  const caller = await oncepaid().caller(await headers());
  if ("ok" in caller || caller.kind !== "user" || caller.email === null) redirect("/sign-in?next=/admin");
  const { t } = await pageLanguage();
  const mayAct = hasRole(caller, "support");
  if (!caller.isOperator) {
    return (
      <Notice
        icon="lock"
        title={t("admin.refused")}
        actions={<LinkButton href="/">{t("missing.back")}</LinkButton>}
      >
        <p>{t("admin.refusedText", { email: caller.email })}</p>
      </Notice>
    );
  }
  return (
    <BrowserTexts of={["admin", "slot"]}>
      <AdminMenu caller={caller} />
      <MayAct may={mayAct}>
        {!mayAct && <p className={classes.onlyLook}>{t("desk.onlyLook")}</p>}
        {children}
      </MayAct>
    </BrowserTexts>
  );
}
