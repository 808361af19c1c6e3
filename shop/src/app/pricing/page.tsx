import type { Metadata } from "next";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { pageMetadata } from "#/ui/seo/page-metadata.ts";
import { Catalog } from "#/ui/shop/Catalog.tsx";
import { LeftCheckout } from "#/ui/shop/LeftCheckout.tsx";
import { Opening } from "#/ui/shop/Opening.tsx";
import { PlanComparison } from "#/ui/shop/PlanComparison.tsx";
import { Questions } from "#/ui/shop/Questions.tsx";

type Query = Promise<Record<string, string | string[] | undefined>>;

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return pageMetadata({ path: "/pricing", title: t("pricing.title"), description: t("pricing.lead") });
}

/** Also where the payment page of one product leads back to; that of the cart leads to the cart. */
export default async function PricingPage({ searchParams }: { searchParams: Query }) {
  const { t } = await pageLanguage();
  const { checkout, order_id: orderId } = await searchParams;
  return (
    <>
      {checkout === "cancelled" && <LeftCheckout orderId={orderId} />}
      <Opening title={t("pricing.title")} lead={t("pricing.lead")} />
      <Catalog />
      <PlanComparison />
      <Questions />
    </>
  );
}
