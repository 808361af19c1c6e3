import type { Metadata } from "next";
import { oncepaid } from "#/oncepaid.ts";
import { DoctorReport } from "#/ui/admin/DoctorReport.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { ReconcileReport } from "#/ui/admin/ReconcileReport.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { SweepTable } from "#/ui/admin/SweepTable.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.recovery.title") };
}

/** What sets right what was missed: when each looked last, and what it said. */
export default async function RecoveryPage() {
  await requireAdmin();
  const { desk } = oncepaid();
  const [sweeps, last] = await Promise.all([desk.sweeps(), desk.diagnosis()]);
  const { t } = await pageLanguage();
  return (
    <>
      <Opening title={t("desk.recovery.title")} lead={t("desk.recovery.lead")} />
      <Panel title={t("admin.reconcile")}>
        <ReconcileReport />
      </Panel>
      <Panel title={t("desk.recovery.sweeps")}>
        <SweepTable sweeps={sweeps} />
      </Panel>
      <Panel title={t("desk.recovery.doctor")}>
        <DoctorReport last={last} />
      </Panel>
    </>
  );
}
