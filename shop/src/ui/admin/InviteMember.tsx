"use client";

import type { FormEvent } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { useAct } from "#/ui/admin/use-act.ts";

const LONGEST_EMAIL = 254;

/** Gives a free seat of a plan to an address, for its owner. */
export function InviteMember({ planId }: { planId: string }) {
  const t = useTranslations("admin.plans");
  const { busy, told, act } = useAct();
  const invite = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const body = { email: String(new FormData(form).get("email")).trim() };
    const done = () => t("inviteDone", { email: body.email });
    if (await act({ path: `plans/${planId}/seats`, body, done })) form.reset();
  };
  return (
    <ActFrame title={t("inviteTitle")} testId="act-invite" told={told}>
      <p>{t("inviteWill")}</p>
      <form onSubmit={invite} className={classes.steps}>
        <label className={classes.field}>
          {t("email")}
          <input
            type="email"
            name="email"
            required
            maxLength={LONGEST_EMAIL}
            autoComplete="off"
            className={classes.input}
          />
        </label>
        <span className={classes.buttons}>
          <ActButton busy={busy}>{t("inviteButton")}</ActButton>
        </span>
      </form>
    </ActFrame>
  );
}
