"use client";

import type { PublicKeyCredentialCreationOptionsJSON } from "@simplewebauthn/browser";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton } from "#/ui/admin/Act.tsx";
import { actProblem } from "#/ui/admin/act-problem.ts";
import { type ApiAnswer, callApi } from "#/ui/call-api.ts";

const LONGEST_NAME = 60;

/** Lets this device make a passkey for whoever is signed in. */
export function NewPasskey() {
  const t = useTranslations("admin");
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ text: string; bad: boolean }>();
  const problemOf = (code: string) => {
    if (code === "unauthenticated") return t("passkeys.again");
    if (code === "not_made" || code === "name_taken") return t("passkeys.notMade");
    return t(`problem.${actProblem(code)}`, { code });
  };
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (busy) return;
    setBusy(true);
    setTold(undefined);
    const answer = await make(String(new FormData(form).get("name")).trim());
    setBusy(false);
    if (!answer.ok) return setTold({ text: problemOf(answer.code), bad: true });
    setTold({ text: t("passkeys.added"), bad: false });
    form.reset();
    router.refresh();
  };
  return (
    <form onSubmit={add} className={classes.steps} data-testid="new-passkey">
      <label className={classes.field}>
        {t("passkeys.name")}
        <input name="name" required maxLength={LONGEST_NAME} autoComplete="off" className={classes.input} />
      </label>
      <span className={classes.buttons}>
        <ActButton busy={busy}>{t("passkeys.add")}</ActButton>
      </span>
      <p role="status" className={classes.told} data-bad={told?.bad}>
        {told?.text}
      </p>
    </form>
  );
}

async function make(name: string): Promise<ApiAnswer> {
  const asked = await callApi("POST", "admin/passkeys/options");
  if (!asked.ok) return asked;
  // Only who makes a passkey loads it.
  const { startRegistration } = await import("@simplewebauthn/browser");
  const credential = await startRegistration({ optionsJSON: toMake(asked.json) }).catch(() => undefined);
  return credential
    ? callApi("POST", "admin/passkeys", { name, credential })
    : { ok: false, code: "not_made" };
}

/** Our own API made it with the same library. */
function toMake(options: object): PublicKeyCredentialCreationOptionsJSON;
function toMake(options: object): object {
  return options;
}
