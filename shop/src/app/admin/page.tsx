import type { Metadata } from "next";
import { oncepaid } from "#/oncepaid.ts";
import { EventList } from "#/ui/admin/EventList.tsx";
import { GivenUpJobs } from "#/ui/admin/GivenUpJobs.tsx";
import { OrderRows } from "#/ui/admin/OrderRows.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { ReconcileReport } from "#/ui/admin/ReconcileReport.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { SalesOverview } from "#/ui/admin/SalesOverview.tsx";
import { WorkWaiting } from "#/ui/admin/WorkWaiting.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

const DAYS = 30;

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.front") };
}

/** How it goes: what was sold, then what waits for a person, then whether everything was compared. */
export default async function AdminPage() {
  await requireAdmin();
  const { locale, t } = await pageLanguage();
  const [sales, failed, quarantined, jobs, warned] = await Promise.all([
    oncepaid().desk.sales({ days: DAYS }),
    oncepaid().events.list("failed"),
    oncepaid().events.list("quarantined"),
    oncepaid().jobs.list(),
    oncepaid().desk.orders({ warned: true }),
  ]);
  const calm =
    failed.length === 0 && quarantined.length === 0 && jobs.total === 0 && warned.orders.length === 0;
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", timeZone: "UTC" });
  const [from, until] = [day.format(new Date(sales.from)), day.format(new Date(sales.until))];
  return (
    <>
      <Opening title={t("desk.front")} lead={t("desk.frontLead", { days: DAYS, from, until })} />
      <SalesOverview sales={sales} />
      <Panel title={t("desk.attention")}>
        {calm && <p>{t("desk.nothingNeeded")}</p>}
        {warned.orders.length > 0 && (
          <>
            <h3>{t("desk.warned")}</h3>
            <p>{t("desk.warnedLead")}</p>
            <OrderRows orders={warned.orders} />
          </>
        )}
        {failed.length > 0 && (
          <>
            <h3>{t("admin.failedEvents")}</h3>
            <EventList events={failed} />
          </>
        )}
        {quarantined.length > 0 && (
          <>
            <h3>{t("admin.quarantined")}</h3>
            <EventList events={quarantined} />
          </>
        )}
        {jobs.total > 0 && (
          <>
            <h3>{t("admin.jobs")}</h3>
            <GivenUpJobs jobs={jobs} />
          </>
        )}
      </Panel>
      <Panel title={t("desk.health")}>
        <WorkWaiting queues={jobs.queues} />
        <h3>{t("admin.reconcile")}</h3>
        <ReconcileReport />
      </Panel>
    </>
  );
}
