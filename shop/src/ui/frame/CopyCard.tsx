"use client";

import { useClipboard } from "@mantine/hooks";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/frame/CopyCard.module.css";
import { Icon } from "#/ui/look/Icon.tsx";

/** Stripe's test card that always pays. Source: docs.stripe.com/testing. */
const TEST_CARD = "4242 4242 4242 4242";

/** The number stands in the text; the button beside it only saves typing. */
export function CopyCard() {
  const t = useTranslations("mode");
  const clipboard = useClipboard({ timeout: 2500 });
  return (
    <span className={classes.card}>
      <span className={classes.number}>{TEST_CARD}</span>
      <button
        type="button"
        className={classes.copy}
        aria-label={t("copy")}
        onClick={() => clipboard.copy(TEST_CARD.replaceAll(" ", ""))}
      >
        <Icon name={clipboard.copied ? "check" : "copy"} size={16} />
      </button>
      <span role="status" className={classes.copied}>
        {clipboard.copied ? t("copied") : ""}
      </span>
    </span>
  );
}
