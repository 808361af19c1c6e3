import type { Metadata } from "next";
import { oncepaid } from "#/oncepaid.ts";
import { EndpointRows } from "#/ui/admin/EndpointRows.tsx";
import { eventTypes } from "#/ui/admin/event-types.ts";
import { NewEndpoint } from "#/ui/admin/NewEndpoint.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.endpoints.title") };
}

/** Other servers that are told what happens here, for owners. */
export default async function EndpointsPage() {
  await requireAdmin("owner");
  const { t } = await pageLanguage();
  return (
    <>
      <Opening title={t("desk.endpoints.title")} lead={t("desk.endpoints.lead")} />
      <Panel title={t("desk.endpoints.all")}>
        <EndpointRows endpoints={await oncepaid().endpoints.list()} />
      </Panel>
      <Panel title={t("desk.endpoints.new")}>
        <NewEndpoint types={eventTypes(t)} />
      </Panel>
    </>
  );
}
