"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { accountProblem } from "#/ui/account/account-problem.ts";
import classes from "#/ui/account/ManagePlan.module.css";
import { Told } from "#/ui/account/Told.tsx";
import { callApi } from "#/ui/call-api.ts";
import { Button } from "#/ui/look/Button.tsx";

/** To Stripe's billing page of this plan. */
export function ManagePlan({ entitlementId }: { entitlementId: string }) {
  const t = useTranslations("account");
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ text: string; bad: boolean }>();
  const open = async () => {
    if (busy) return;
    setBusy(true);
    setTold(undefined);
    const answer = await callApi("POST", "billing-portal", { entitlementId });
    if (answer.ok && "url" in answer.json && typeof answer.json.url === "string") {
      return window.location.assign(answer.json.url);
    }
    setBusy(false);
    setTold({ text: t(`problem.${accountProblem(answer.ok ? "unexpected" : answer.code)}`), bad: true });
  };
  return (
    <div className={classes.manage}>
      <Button quiet aria-disabled={busy} onClick={open} data-testid="manage-plan">
        {busy ? t("managing") : t("manage")}
      </Button>
      <span className={classes.note}>{t("manageNote")}</span>
      <Told told={told} />
    </div>
  );
}
