"use client";

import Form from "next/form";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import type { OtherAccount } from "#/ui/admin/other-account.ts";
import { useAct } from "#/ui/admin/use-act.ts";

type HandOverProps = { orderId: string; isPlan: boolean; other: OtherAccount | undefined };

/** Gives an order to another account in two steps: whose it is to be is looked up by the server, then the sentence that says what follows. */
export function HandOver({ orderId, isPlan, other }: HandOverProps) {
  const t = useTranslations("admin.act");
  const { busy, told, act } = useAct();
  const email = other?.email ?? "";
  const give = (to: string) =>
    act({ path: `orders/${orderId}/move`, body: { to }, done: () => t("handDone", { email }) });
  // Once it is given, the sentence about that says whose it is.
  const given = other?.state === "same" && told?.bad === false;
  return (
    <ActFrame title={t("handTitle")} testId="act-hand" told={told} open={other !== undefined}>
      <p>{t("handWill")}</p>
      <Form action="" scroll={false} replace className={classes.steps}>
        <label className={classes.field}>
          {t("handAddress")}
          <input
            name="account"
            type="email"
            required
            autoComplete="off"
            defaultValue={email}
            className={classes.input}
          />
        </label>
        <span className={classes.buttons}>
          <ActButton busy={false}>{t("handLook")}</ActButton>
        </span>
      </Form>
      {other && !given && (
        <p className={classes.sure} data-testid="hand-sure" data-found={other.state}>
          {other.state === "nobody" && t("handNobody", { email })}
          {other.state === "same" && t("handSame", { email })}
          {other.state === "other" && t("handSure", { email })}
          {other.state === "other" && isPlan && ` ${t("handSurePlan")}`}
        </p>
      )}
      {other?.state === "other" && (
        <span className={classes.buttons}>
          <ActButton danger busy={busy} onClick={() => give(other.userId)}>
            {t("handButton", { email })}
          </ActButton>
        </span>
      )}
    </ActFrame>
  );
}
