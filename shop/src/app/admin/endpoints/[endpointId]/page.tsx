import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { oncepaid } from "#/oncepaid.ts";
import { DeliveryRows } from "#/ui/admin/DeliveryRows.tsx";
import { EndpointActs } from "#/ui/admin/EndpointActs.tsx";
import { EndpointState } from "#/ui/admin/EndpointState.tsx";
import type { SearchParams } from "#/ui/admin/order-query.ts";
import { Pages } from "#/ui/admin/Pages.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { LocalTime } from "#/ui/receipt/LocalTime.tsx";
import { Opening } from "#/ui/shop/Opening.tsx";

type Props = { params: Promise<{ endpointId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.endpoints.one") };
}

/** One endpoint: how it is, what can be done about it, and what it was told. */
export default async function EndpointPage({ params, searchParams }: Props) {
  await requireAdmin("owner");
  const { endpointId } = await params;
  const { after: asked } = await searchParams;
  const after = typeof asked === "string" ? asked : undefined;
  const endpoint = (await oncepaid().endpoints.list()).find(({ id }) => id === endpointId);
  if (!endpoint) notFound();
  const { deliveries, next } = await oncepaid().endpoints.deliveries(endpointId, { after });
  const { t } = await pageLanguage();
  const { url, description, formerSecretUntil } = endpoint;
  return (
    <>
      <Opening title={t("desk.endpoints.one")} lead={description === "" ? url : `${description}: ${url}`} />
      <p>
        <EndpointState endpoint={endpoint} />
      </p>
      {formerSecretUntil !== null && (
        <p>
          {t("desk.endpoints.bothSign")} <LocalTime at={formerSecretUntil} />
        </p>
      )}
      <Panel title={t("desk.support")}>
        <EndpointActs endpoint={endpoint} />
      </Panel>
      <Panel title={t("desk.deliveries.title")}>
        <DeliveryRows deliveries={deliveries} />
        <Pages path={`/admin/endpoints/${endpointId}`} next={next} isFirst={after === undefined} />
      </Panel>
    </>
  );
}
