import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { hasRole } from "oncepaid/routes";
import { addressesOf } from "#/accounts/addresses.ts";
import { productText } from "#/catalog/products.ts";
import { oncepaid } from "#/oncepaid.ts";
import { AttendeeRows } from "#/ui/admin/AttendeeRows.tsx";
import { FurtherPeople } from "#/ui/admin/FurtherPeople.tsx";
import { MessageRows } from "#/ui/admin/MessageRows.tsx";
import type { SearchParams } from "#/ui/admin/order-query.ts";
import { Panel } from "#/ui/admin/Panel.tsx";
import { requireAdmin } from "#/ui/admin/require-admin.ts";
import { SlotActs } from "#/ui/admin/SlotActs.tsx";
import { WaiterRows } from "#/ui/admin/WaiterRows.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Opening } from "#/ui/shop/Opening.tsx";
import { dayOf, hoursOf } from "#/ui/slots/slot-text.ts";
import { waitersOf } from "#/waiting/waiting-list.ts";

type Props = { params: Promise<{ slotId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("desk.date.whoComes") };
}

/** A date: who comes, what was written to them, and what can be done about it. */
export default async function SlotPage({ params, searchParams }: Props) {
  const caller = await requireAdmin();
  const { slotId } = await params;
  const { after, waiter } = await searchParams;
  const slot = await oncepaid().slots.find(slotId);
  if (!slot) notFound();
  const [{ attendees, next }, messages, waiting] = await Promise.all([
    oncepaid().slots.attendees(slotId, { after: typeof after === "string" ? after : undefined }),
    oncepaid().slots.messages(slotId),
    waitersOf(slotId, { after: typeof waiter === "string" ? waiter : undefined }),
  ]);
  const { locale, t } = await pageLanguage();
  const operators = await addressesOf([...new Set(messages.map(({ by }) => by))]);
  const product = productText(locale, slot.productKey).name;
  return (
    <>
      <Opening
        title={dayOf(slot, locale)}
        lead={t("desk.date.lead", { product, hours: hoursOf(slot, locale), place: slot.place })}
      />
      <Panel title={t("desk.date.whoComes")}>
        <AttendeeRows slot={slot} attendees={attendees} />
        <FurtherPeople slotId={slotId} name="after" next={next} isFirst={after === undefined} />
      </Panel>
      <Panel title={t("desk.date.waiting")}>
        <WaiterRows waiters={waiting.waiters} waiting={waiting.waiting} />
        <FurtherPeople slotId={slotId} name="waiter" next={waiting.next} isFirst={waiter === undefined} />
      </Panel>
      {slot.canceledAt === null && hasRole(caller, "support") && (
        <Panel title={t("desk.date.actions")}>
          <SlotActs slot={slot} />
        </Panel>
      )}
      <Panel title={t("desk.date.messages")}>
        <MessageRows messages={messages} operators={operators} />
      </Panel>
    </>
  );
}
