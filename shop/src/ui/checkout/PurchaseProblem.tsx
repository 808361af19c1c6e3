"use client";

import Link from "next/link";
import { useTranslations } from "use-intl/react";
import type { Problem } from "#/ui/checkout/open-checkout.ts";
import classes from "#/ui/checkout/PurchaseProblem.module.css";
import { Icon } from "#/ui/look/Icon.tsx";

/** Trying the same again can help only here. */
const RETRYABLE: readonly Problem[] = ["stripe_unavailable", "network", "unexpected", "too_many_requests"];
/** Not failures: what the buyer wanted has happened or is happening. */
const GOOD_NEWS: readonly Problem[] = ["already_paid", "already_subscribed", "payment_processing"];

export function PurchaseProblem(props: { problem: Problem; onRetry: () => void; onBuyAgain: () => void }) {
  const { problem, onRetry, onBuyAgain } = props;
  const t = useTranslations();
  const good = GOOD_NEWS.includes(problem);
  return (
    <div className={classes.problem} data-tone={good ? "good" : "bad"} data-problem={problem}>
      <Icon name={good ? "check" : "info"} />
      <div className={classes.words}>
        <p>{t(`problem.${problem}`)}</p>
        {RETRYABLE.includes(problem) && (
          <button type="button" className={classes.action} onClick={onRetry}>
            {t("buy.retry")}
          </button>
        )}
        {good && (
          <Link href="/account" className={classes.action}>
            {t("buy.toAccount")}
          </Link>
        )}
        {problem === "already_paid" && (
          <button type="button" className={classes.action} onClick={onBuyAgain}>
            {t("buy.again")}
          </button>
        )}
      </div>
    </div>
  );
}
