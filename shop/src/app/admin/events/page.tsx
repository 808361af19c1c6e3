import type { Metadata } from "next";
import { oncepaid } from "#/oncepaid.ts";
import { EventList } from "#/ui/admin/EventList.tsx";
import { EventSearch } from "#/ui/admin/EventSearch.tsx";
import { readEventQuery } from "#/ui/admin/event-query.ts";
import type { SearchParams } from "#/ui/admin/order-query.ts";
import { Pages } from "#/ui/admin/Pages.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.events.title") };
}

/** Everything Stripe has told, the newest first. */
export default async function EventsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await requireAdmin();
  const asked = readEventQuery(await searchParams);
  const { events, next, types } = await oncepaid().desk.events(asked);
  const { t } = await pageLanguage();
  const { type, outcome, after } = asked;
  return (
    <>
      <Opening title={t("desk.events.title")} lead={t("desk.events.lead")} />
      <EventSearch asked={asked} types={types} />
      <EventList events={events} />
      <Pages path="/admin/events" query={{ type, outcome }} next={next} isFirst={after === undefined} />
    </>
  );
}
