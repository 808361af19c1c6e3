"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/account/SignIn.module.css";
import { signInProblem, trySignInWithPasskey } from "#/ui/account/sign-in-call.ts";
import { Button } from "#/ui/look/Button.tsx";

/** Beside the code, for whoever has made a passkey at the desk. */
export function PasskeySignIn({ next }: { next: string }) {
  const t = useTranslations("signIn");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const signIn = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    const answer = await trySignInWithPasskey();
    if (answer.ok) return window.location.assign(next);
    setBusy(false);
    const code = signInProblem(answer.code);
    setProblem(t(code === "invalid_code" ? "problem.passkey" : `problem.${code}`));
  };
  return (
    <div className={classes.passkey}>
      <Button quiet size="large" aria-disabled={busy} onClick={() => void signIn()}>
        {busy ? t("checking") : t("byPasskey")}
      </Button>
      <p role="status" className={classes.note}>
        {problem}
      </p>
    </div>
  );
}
