import Link from "next/link";
import type { JobsOverview } from "oncepaid";
import { queueName } from "#/ui/admin/queue-name.ts";
import table from "#/ui/admin/table.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";

/** How much there is to do, queue by queue. */
export async function WorkWaiting({ queues }: { queues: JobsOverview["queues"] }) {
  const { locale, t } = await pageLanguage();
  const number = new Intl.NumberFormat(locale);
  return (
    <table className={table.table}>
      <thead>
        <tr>
          <th scope="col">{t("admin.queue")}</th>
          <th scope="col" className={table.number}>
            {t("admin.waiting")}
          </th>
          <th scope="col" className={table.number}>
            {t("admin.retrying")}
          </th>
        </tr>
      </thead>
      <tbody>
        {queues.map(({ queue, waiting, retrying }) => (
          <tr key={queue}>
            <th scope="row">
              <Link href={`/admin/jobs?queue=${queue}`} prefetch={false}>
                {queueName(t, queue)}
              </Link>
            </th>
            <td className={table.number}>{number.format(waiting)}</td>
            <td className={table.number}>{number.format(retrying)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
