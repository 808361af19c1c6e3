"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/account/SignIn.module.css";
import { sendCode, signInProblem } from "#/ui/account/sign-in-call.ts";
import { Button } from "#/ui/look/Button.tsx";
import { TextField } from "#/ui/look/TextField.tsx";

export function EmailForm(props: { email: string; onSent: (email: string) => void }) {
  const t = useTranslations("signIn");
  const [email, setEmail] = useState(props.email);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const send = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    const answer = await sendCode(email);
    setBusy(false);
    if (answer.ok) return props.onSent(email.trim());
    setProblem(t(`problem.${signInProblem(answer.code)}`));
  };
  return (
    <form action={() => void send()} className={classes.form} noValidate>
      <TextField
        label={t("email")}
        // A field of the type "email" writes a domain like münchen.de another way than it was paid with.
        type="text"
        inputMode="email"
        autoCapitalize="none"
        spellCheck={false}
        name="email"
        autoComplete="email"
        large
        required
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={problem}
      />
      <Button type="submit" size="large" aria-disabled={busy}>
        {busy ? t("sending") : t("send")}
      </Button>
      <p className={classes.note}>{t("noPassword")}</p>
    </form>
  );
}
