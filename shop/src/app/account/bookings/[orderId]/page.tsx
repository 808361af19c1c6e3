import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { oncepaid } from "#/oncepaid.ts";
import { ChangeBookingPage } from "#/ui/account/ChangeBookingPage.tsx";
import { BrowserTexts } from "#/ui/language/BrowserTexts.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("changeBooking.title"), robots: { index: false, follow: false } };
}

/** What the buyer of a booking may do about it. To everybody else there is no such page. */
export default async function BookingPage({ params }: { params: Promise<{ orderId: string }> }) {
  const { orderId } = await params;
  const caller = await oncepaid().caller(await headers());
  const own = "ok" in caller || caller.kind !== "user" ? [] : await oncepaid().paidOrders(caller.userId);
  const order = own.find(({ id, booking }) => id === orderId && booking !== null);
  const choices = order && (await oncepaid().bookings.choices(orderId));
  if (!order?.booking || !choices) notFound();
  return (
    <BrowserTexts of={["changeBooking", "account", "slot"]}>
      <ChangeBookingPage order={order} booking={order.booking} choices={choices} />
    </BrowserTexts>
  );
}
