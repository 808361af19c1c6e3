"use client";

import { useEffect, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/frame/CopyCard.module.css";
import { Icon } from "#/ui/look/Icon.tsx";

/** Stripe's test card that always pays. Source: docs.stripe.com/testing. */
const TEST_CARD = "4242 4242 4242 4242";

const COPIED_SHOWN_MS = 2_500;

/** The number stands in the text; the button beside it only saves typing. */
export function CopyCard() {
  const t = useTranslations("mode");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    // Browsers keep the clipboard from pages that came over http from another machine.
    if (!("clipboard" in navigator)) return;
    await navigator.clipboard.writeText(TEST_CARD.replaceAll(" ", ""));
    setCopied(true);
  };
  return (
    <span className={classes.card}>
      <span className={classes.number}>{TEST_CARD}</span>
      <button type="button" className={classes.copy} aria-label={t("copy")} onClick={() => void copy()}>
        <Icon name={copied ? "check" : "copy"} size={16} />
      </button>
      <span role="status" className={classes.copied}>
        {copied ? t("copied") : ""}
      </span>
    </span>
  );
}
