import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { oncepaid } from "#/oncepaid.ts";
import { Act } from "#/ui/admin/Act.tsx";
import { AttemptRows } from "#/ui/admin/AttemptRows.tsx";
import { DeliveryRows } from "#/ui/admin/DeliveryRows.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import rows from "#/ui/admin/rows.module.css";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

type Props = { params: Promise<{ endpointId: string; deliveryId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.deliveries.one") };
}

/** One thing a server was told: each try with what was sent and answered, and the way to send it again. */
export default async function DeliveryPage({ params }: Props) {
  await requireAdmin("owner");
  const { endpointId, deliveryId } = await params;
  const shown = await oncepaid().endpoints.delivery(deliveryId);
  if (!shown.ok || shown.delivery.endpointId !== endpointId) notFound();
  const { t } = await pageLanguage();
  const { webhookId } = shown.delivery;
  return (
    <>
      <Opening title={t("desk.deliveries.one")} lead={t("desk.deliveries.oneLead")} />
      <DeliveryRows deliveries={[shown.delivery]} />
      <p className={rows.id}>webhook-id: {webhookId}</p>
      <p>
        <Link href={`/admin/endpoints/${endpointId}`}>{t("desk.deliveries.back")}</Link>
      </p>
      <Panel title={t("desk.support")}>
        <Act
          testId="act-again"
          title={t("desk.deliveries.againTitle")}
          will={t("desk.deliveries.againWill")}
          button={t("desk.deliveries.againButton")}
          done={t("desk.deliveries.againDone")}
          path={`webhook-deliveries/${deliveryId}/resend`}
        />
      </Panel>
      <Panel title={t("desk.deliveries.attempts")}>
        <AttemptRows attempts={shown.attempts} />
      </Panel>
    </>
  );
}
