import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { identify } from "#/accounts/caller.ts";
import { viewReturnedOrder } from "#/checkout/returned.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { Receipt } from "#/ui/receipt/Receipt.tsx";

type Query = Promise<Record<string, string | string[] | undefined>>;

/** Stripe's ids are far shorter. */
const MAX_SESSION_ID = 255;

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("order.pageTitle"), robots: { index: false, follow: false } };
}

/** Shows the order of a session to its owner. It only looks: access comes from the payment, never from this page. */
export default async function SuccessPage({ searchParams }: { searchParams: Query }) {
  const { session_id: sessionId } = await searchParams;
  if (typeof sessionId !== "string" || sessionId === "" || sessionId.length > MAX_SESSION_ID) notFound();
  const caller = await identify(await headers());
  if ("ok" in caller) notFound();
  const order = await viewReturnedOrder(sessionId, caller);
  if (!order) notFound();
  return <Receipt order={order} sessionId={sessionId} />;
}
