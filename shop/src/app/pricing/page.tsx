import type { Metadata } from "next";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { CancelledMessage } from "#/ui/shop/CancelledMessage.tsx";
import { Catalog } from "#/ui/shop/Catalog.tsx";
import { Opening } from "#/ui/shop/Opening.tsx";
import { Questions } from "#/ui/shop/Questions.tsx";

type Query = Promise<Record<string, string | string[] | undefined>>;

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("pricing.title"), description: t("pricing.lead") };
}

/** Also where the payment page's back link leads: the cart is still the same, so Buy goes on where the buyer left. */
export default async function PricingPage({ searchParams }: { searchParams: Query }) {
  const { t } = await pageLanguage();
  const { checkout } = await searchParams;
  return (
    <>
      {checkout === "cancelled" && <CancelledMessage />}
      <Opening title={t("pricing.title")} lead={t("pricing.lead")} />
      <Catalog />
      <Questions />
    </>
  );
}
