import type { Metadata } from "next";
import { listOperators } from "#/accounts/operators.ts";
import { NewOperator } from "#/ui/admin/NewOperator.tsx";
import { OperatorRows } from "#/ui/admin/OperatorRows.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.operators.title") };
}

/** Who may open the desk, for owners. */
export default async function OperatorsPage() {
  await requireAdmin("owner");
  const { t } = await pageLanguage();
  const roles = (["support", "read", "owner"] as const).map((role) => ({
    role,
    name: t(`desk.roles.${role}`),
    what: t(`desk.operators.what.${role}`),
  }));
  return (
    <>
      <Opening title={t("desk.operators.title")} lead={t("desk.operators.lead")} />
      <Panel title={t("desk.operators.add")}>
        <NewOperator roles={roles} />
      </Panel>
      <Panel title={t("desk.operators.all")}>
        <OperatorRows operators={await listOperators()} />
      </Panel>
    </>
  );
}
