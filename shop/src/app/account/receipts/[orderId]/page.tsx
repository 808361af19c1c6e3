import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { oncepaid } from "#/oncepaid.ts";
import { PrintedReceipt } from "#/ui/account/PrintedReceipt.tsx";
import { BrowserTexts } from "#/ui/language/BrowserTexts.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("receiptPage.title"), robots: { index: false, follow: false } };
}

/** The receipt of an order, to be printed or kept as a PDF by its buyer. To everybody else there is no such page. */
export default async function ReceiptPage({ params }: { params: Promise<{ orderId: string }> }) {
  const { orderId } = await params;
  const caller = await oncepaid().caller(await headers());
  const own = "ok" in caller || caller.kind !== "user" ? [] : await oncepaid().paidOrders(caller.userId);
  const order = own.find(({ id }) => id === orderId);
  if (!order) notFound();
  const about = await oncepaid().about(orderId);
  // Who only has this browser is not shown the address: others may sit before it.
  const signedIn = !("ok" in caller) && caller.kind === "user" && caller.email !== null;
  return (
    <BrowserTexts of={["receiptPage"]}>
      <PrintedReceipt order={order} email={signedIn ? (about?.email ?? null) : null} />
    </BrowserTexts>
  );
}
