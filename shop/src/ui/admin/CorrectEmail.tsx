"use client";

import type { FormEvent } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { useAct } from "#/ui/admin/use-act.ts";

/** The address an order's mail goes to, for one that was mistyped. */
export function CorrectEmail({ orderId, email }: { orderId: string; email: string | null }) {
  const t = useTranslations("admin.act");
  const { busy, told, act } = useAct();
  const correct = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const right = String(new FormData(event.currentTarget).get("email") ?? "");
    await act({ path: `orders/${orderId}/email`, body: { email: right.trim() }, done: () => t("emailDone") });
  };
  return (
    <ActFrame title={t("emailTitle")} testId="act-email" told={told}>
      <p>{t("emailWill")}</p>
      <form onSubmit={correct} className={classes.steps}>
        <label className={classes.field}>
          {t("emailNew")}
          <input
            name="email"
            type="email"
            required
            autoComplete="off"
            defaultValue={email ?? ""}
            className={classes.input}
          />
        </label>
        <span className={classes.buttons}>
          <ActButton busy={busy}>{t("emailButton")}</ActButton>
        </span>
      </form>
    </ActFrame>
  );
}
