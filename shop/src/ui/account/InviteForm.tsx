"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/account/InviteForm.module.css";
import { Told } from "#/ui/account/Told.tsx";
import { useAction } from "#/ui/account/use-action.ts";
import { callApi } from "#/ui/call-api.ts";
import { Button } from "#/ui/look/Button.tsx";
import { TextField } from "#/ui/look/TextField.tsx";

export function InviteForm({ entitlementId }: { entitlementId: string }) {
  const t = useTranslations("seats");
  const { busy, told, act } = useAction();
  const [email, setEmail] = useState("");
  const invite = async () => {
    const to = email.trim();
    const answer = await act({
      call: () => callApi("POST", `plans/${entitlementId}/seats`, { email: to }),
      done: t("invited", { email: to }),
    });
    if (answer?.ok) setEmail("");
  };
  return (
    <form action={() => void invite()} className={classes.form} noValidate>
      <div className={classes.row}>
        <div className={classes.field}>
          <TextField
            label={t("email")}
            type="email"
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        </div>
        <Button type="submit" aria-disabled={busy} data-testid="invite">
          {busy ? t("inviting") : t("invite")}
        </Button>
      </div>
      <Told told={told} />
    </form>
  );
}
