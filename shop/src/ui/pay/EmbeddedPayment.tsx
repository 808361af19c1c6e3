"use client";

import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/pay/EmbeddedPayment.module.css";
import { loadStripe } from "#/ui/pay/load-stripe.ts";

type EmbeddedPaymentProps = { clientSecret: string; publishableKey: string; scriptUrl: string };

/** Stripe's own form in its own frame: the card never comes near this page. When it is paid, Stripe leads on. */
export function EmbeddedPayment({ clientSecret, publishableKey, scriptUrl }: EmbeddedPaymentProps) {
  const t = useTranslations("pay");
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"loading" | "shown" | "failed">("loading");

  useEffect(() => {
    let left = false;
    let destroy = () => {};
    const show = async () => {
      const stripe = await loadStripe(scriptUrl, publishableKey);
      if (left) return;
      const page = await stripe.createEmbeddedCheckoutPage({ fetchClientSecret: async () => clientSecret });
      destroy = () => page.destroy();
      if (left || !place.current) return destroy();
      page.mount(place.current);
      setState("shown");
    };
    show().catch(() => {
      if (!left) setState("failed");
    });
    return () => {
      left = true;
      destroy();
    };
  }, [clientSecret, publishableKey, scriptUrl]);

  return (
    <div className={classes.stage}>
      <div role="status" className={classes.status}>
        {state === "loading" && t("loading")}
        {state === "failed" && <p className={classes.failed}>{t("failed")}</p>}
      </div>
      <noscript>{t("noScript")}</noscript>
      <div ref={place} data-testid="embedded-payment" />
    </div>
  );
}
