"use client";

import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl/react";
import { CODE_DIGITS } from "#/accounts/code-digits.ts";
import classes from "#/ui/account/SignIn.module.css";
import { sendCode, signInProblem, trySignIn } from "#/ui/account/sign-in-call.ts";
import { Button } from "#/ui/look/Button.tsx";
import { TextField } from "#/ui/look/TextField.tsx";

/** Between two codes: mail takes a moment, and the newest code is the only one that counts. */
const RESEND_AFTER_SECONDS = 30;

export function CodeForm(props: { email: string; next: string; onOtherEmail: () => void }) {
  const { email, next, onOtherEmail } = props;
  const t = useTranslations("signIn");
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState(t("sent", { email }));
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => input.current?.focus(), []);

  const enter = async (digits: string) => {
    if (busy) return;
    if (digits.length !== CODE_DIGITS) return setProblem(t("problem.incomplete"));
    setBusy(true);
    setProblem(undefined);
    const answer = await trySignIn(email, digits);
    // Everything on the pages may look different for who is signed in, so they are asked for anew.
    if (answer.ok) return window.location.assign(next);
    setBusy(false);
    setProblem(t(`problem.${signInProblem(answer.code)}`));
    input.current?.select();
  };
  const resend = async () => {
    const answer = await sendCode(email);
    setProblem(answer.ok ? undefined : t(`problem.${signInProblem(answer.code)}`));
    if (answer.ok) setTold(t("sentAgain", { email }));
  };
  return (
    <form action={() => void enter(code)} className={classes.form} noValidate>
      <p role="status" className={classes.told}>
        {told}
      </p>
      <TextField
        ref={input}
        label={t("code")}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        large
        digits
        value={code}
        onChange={(event) => {
          const digits = event.currentTarget.value.replace(/\D/g, "").slice(0, CODE_DIGITS);
          setCode(digits);
          // Filled in by the phone or typed to the end: there is nothing left to do but to try it.
          if (digits.length === CODE_DIGITS && digits !== code) void enter(digits);
        }}
        error={problem}
      />
      <Button type="submit" size="large" aria-disabled={busy}>
        {busy ? t("checking") : t("enter")}
      </Button>
      <div className={classes.ways}>
        <Resend onResend={resend} />
        <button type="button" className={classes.way} onClick={onOtherEmail}>
          {t("otherEmail")}
        </button>
      </div>
    </form>
  );
}

/** Counts the seconds down until another code can be asked for. */
function Resend({ onResend }: { onResend: () => Promise<void> }) {
  const t = useTranslations("signIn");
  const [wait, setWait] = useState(RESEND_AFTER_SECONDS);
  useEffect(() => {
    if (wait === 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1_000);
    return () => clearTimeout(timer);
  }, [wait]);
  const press = () => {
    if (wait > 0) return;
    setWait(RESEND_AFTER_SECONDS);
    void onResend();
  };
  return (
    <button type="button" className={classes.way} aria-disabled={wait > 0} onClick={press}>
      {wait > 0 ? t("resendIn", { seconds: wait }) : t("resend")}
    </button>
  );
}
