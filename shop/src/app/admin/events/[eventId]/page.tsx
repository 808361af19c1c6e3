import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { addressesOf } from "#/accounts/addresses.ts";
import { oncepaid } from "#/oncepaid.ts";
import { EventActions } from "#/ui/admin/EventActions.tsx";
import { EventFacts } from "#/ui/admin/EventFacts.tsx";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import rows from "#/ui/admin/rows.module.css";
import { Timeline } from "#/ui/admin/Timeline.tsx";
import { Wire } from "#/ui/admin/Wire.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";

type Props = { params: Promise<{ eventId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.events.one") };
}

/** One message of Stripe: what became of it, what followed from it, and what it said. */
export default async function EventPage({ params }: Props) {
  await requireAdmin();
  const event = await oncepaid().desk.event(decodeURIComponent((await params).eventId));
  if (!event) notFound();
  const { t } = await pageLanguage();
  return (
    <>
      <Opening title={t("desk.events.one")} lead={event.type} />
      <EventFacts event={event} />
      <EventActions event={event} />
      <Panel title={t("desk.events.followed")}>
        <Followed eventId={event.id} orderId={event.orderId} />
      </Panel>
      <Panel title={t("desk.events.said")}>
        {event.payload === null ? (
          <p className={rows.quiet}>{t("desk.events.removed")}</p>
        ) : (
          <Wire title={t("desk.events.payload")} text={JSON.stringify(JSON.parse(event.payload), null, 2)} />
        )}
      </Panel>
    </>
  );
}

/** What its order says that it changed; a message that told nothing new has changed nothing. */
async function Followed({ eventId, orderId }: { eventId: string; orderId: string | null }) {
  const { t } = await pageLanguage();
  const [order, entries] =
    orderId === null
      ? [undefined, []]
      : await Promise.all([oncepaid().desk.order(orderId), oncepaid().timeline(orderId)]);
  const followed = entries.filter(({ stripeEventId }) => stripeEventId === eventId);
  if (followed.length === 0) return <p>{t("desk.events.nothingFollowed")}</p>;
  const operators = await addressesOf([...new Set(followed.map(({ actor }) => actor))]);
  return <Timeline entries={followed} currency={order?.currency ?? null} operators={operators} />;
}
