import type { Metadata } from "next";
import { oncepaid } from "#/oncepaid.ts";
import { EventList } from "#/ui/admin/EventList.tsx";
import { GivenUpJobs } from "#/ui/admin/GivenUpJobs.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { ReconcileReport } from "#/ui/admin/ReconcileReport.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("admin.title") };
}

/** What waits for a person. */
export default async function AdminPage() {
  await requireAdmin();
  const { t } = await pageLanguage();
  const [failed, quarantined, jobs] = await Promise.all([
    oncepaid().events.list("failed"),
    oncepaid().events.list("quarantined"),
    oncepaid().jobs.list(),
  ]);
  return (
    <>
      <Opening title={t("admin.title")} lead={t("admin.lead")} />
      <Panel title={t("admin.failedEvents")}>
        <EventList events={failed} empty={t("admin.noFailed")} />
      </Panel>
      <Panel title={t("admin.quarantined")}>
        <EventList events={quarantined} empty={t("admin.noQuarantined")} />
      </Panel>
      <Panel title={t("admin.jobs")}>
        <GivenUpJobs jobs={jobs} />
      </Panel>
      <Panel title={t("admin.reconcile")}>
        <ReconcileReport />
      </Panel>
    </>
  );
}
