import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { oncepaid } from "#/oncepaid.ts";
import { BrowserTexts } from "#/ui/language/BrowserTexts.tsx";
import { pageLanguage } from "#/ui/language/page-language.ts";
import { EmbeddedPayment } from "#/ui/pay/EmbeddedPayment.tsx";
import classes from "#/ui/pay/PayPage.module.css";

type Props = { params: Promise<{ orderId: string }> };

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageLanguage();
  return { title: t("pay.title"), robots: { index: false, follow: false } };
}

/** Stripe's payment page inside ours (`CHECKOUT_UI=embedded_page`), for the order's owner. */
export default async function PayPage({ params }: Props) {
  const caller = await oncepaid().caller(await headers());
  const checkout =
    "ok" in caller ? undefined : await oncepaid().embedded((await params).orderId, { as: caller });
  if (!checkout) notFound();
  if (checkout.state === "over") {
    redirect(`/checkout/success?session_id=${encodeURIComponent(checkout.sessionId)}`);
  }
  const { t } = await pageLanguage();
  return (
    <section className={classes.page}>
      <h1 className={classes.title}>{t("pay.title")}</h1>
      <BrowserTexts of={["pay"]}>
        <EmbeddedPayment
          clientSecret={checkout.clientSecret}
          publishableKey={checkout.publishableKey}
          scriptUrl={checkout.scriptUrl}
        />
      </BrowserTexts>
    </section>
  );
}
