import type { Metadata } from "next";
import { oncepaid } from "#/oncepaid.ts";
import { GivenUpJobs } from "#/ui/admin/GivenUpJobs.tsx";
import type { SearchParams } from "#/ui/admin/order-query.ts";
import { Panel } from "#/ui/admin/Panel.tsx";
import { queueName } from "#/ui/admin/queue-name.ts";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { WaitingJobs } from "#/ui/admin/WaitingJobs.tsx";
import { WorkWaiting } from "#/ui/admin/WorkWaiting.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.jobs.title") };
}

/** What the shop does after an answer: how much of it waits, and what was given up. */
export default async function JobsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireAdmin();
  const { queue: asked } = await searchParams;
  const jobs = await oncepaid().jobs.list();
  const queue = jobs.queues.find((one) => one.queue === asked)?.queue;
  const { t } = await pageLanguage();
  return (
    <>
      <Opening title={t("desk.jobs.title")} lead={t("desk.jobs.lead")} />
      <Panel title={t("desk.jobs.queues")}>
        <WorkWaiting queues={jobs.queues} />
      </Panel>
      {queue !== undefined && (
        <Panel title={queueName(t, queue)}>
          <WaitingJobs jobs={await oncepaid().jobs.waiting(queue)} />
        </Panel>
      )}
      <Panel title={t("admin.jobs")}>
        {jobs.total === 0 ? <p>{t("desk.jobs.noneGivenUp")}</p> : <GivenUpJobs jobs={jobs} />}
      </Panel>
    </>
  );
}
