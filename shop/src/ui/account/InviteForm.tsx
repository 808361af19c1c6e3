"use client";

import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/account/InviteForm.module.css";
import { Told } from "#/ui/account/Told.tsx";
import { useAction } from "#/ui/account/use-action.ts";
import { callApi } from "#/ui/call-api.ts";

export function InviteForm({ entitlementId }: { entitlementId: string }) {
  const t = useTranslations("seats");
  const { busy, told, act } = useAction();
  const [email, setEmail] = useState("");
  const invite = async () => {
    const to = email.trim();
    const answer = await act(
      () => callApi("POST", `plans/${entitlementId}/seats`, { email: to }),
      t("invited", { email: to }),
    );
    if (answer?.ok) setEmail("");
  };
  return (
    <form action={() => void invite()} className={classes.form} noValidate>
      <div className={classes.row}>
        <TextInput
          label={t("email")}
          type="email"
          autoComplete="off"
          size="md"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          classNames={{ root: classes.root, input: classes.input, label: classes.label }}
        />
        <Button type="submit" size="md" aria-disabled={busy} data-testid="invite">
          {busy ? t("inviting") : t("invite")}
        </Button>
      </div>
      <Told told={told} />
    </form>
  );
}
