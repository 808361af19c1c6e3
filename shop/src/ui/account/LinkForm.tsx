"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/account/SignIn.module.css";
import { signInProblem, tryLink } from "#/ui/account/sign-in-call.ts";
import { Button } from "#/ui/look/Button.tsx";

/** The link of a receipt signs in once a person presses: programs that look at mail open links too. */
export function LinkForm(props: { link: string; next: string; onCode: () => void }) {
  const t = useTranslations("signIn");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const enter = async () => {
    if (busy) return;
    setBusy(true);
    const answer = await tryLink(props.link);
    if (answer.ok) return window.location.assign(props.next);
    setBusy(false);
    const code = signInProblem(answer.code);
    setProblem(t(code === "invalid_code" ? "problem.link" : `problem.${code}`));
  };
  return (
    <form action={() => void enter()} className={classes.form} noValidate>
      <p className={classes.told}>{t("byLink")}</p>
      <Button type="submit" size="large" aria-disabled={busy} data-testid="sign-in-by-link">
        {busy ? t("checking") : t("enter")}
      </Button>
      <p role="status">{problem}</p>
      <div className={classes.ways}>
        <button type="button" className={classes.way} onClick={props.onCode}>
          {t("byCode")}
        </button>
      </div>
    </form>
  );
}
