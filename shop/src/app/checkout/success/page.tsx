import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { returnedOrder } from "#/app/checkout/success/returned-order.ts";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { orderState } from "#/ui/receipt/order-state.ts";
import { Receipt } from "#/ui/receipt/Receipt.tsx";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const { t } = await pageLanguage();
  const title = await returnedOrder((await searchParams).session_id).then(
    (returned) => (returned ? t(`order.title.${orderState(returned.order)}`) : t("hidden.title")),
    // The page fails by the same error, and even then needs a title.
    () => t("crash.title"),
  );
  return { title, robots: { index: false, follow: false } };
}

/** Shows the order of a session to its owner. It only looks: access comes from the payment, never from this page. */
export default async function SuccessPage({ searchParams }: Props) {
  const returned = await returnedOrder((await searchParams).session_id);
  if (!returned) notFound();
  return <Receipt {...returned} />;
}
