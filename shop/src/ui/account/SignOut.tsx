"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/account/Way.module.css";
import { callApi } from "#/ui/call-api.ts";

export function SignOut() {
  const t = useTranslations("account");
  const [problem, setProblem] = useState(false);
  const signOut = async () => {
    const answer = await callApi("POST", "auth/sign-out");
    // Nothing of the account may stay on the screen: everything is asked for anew.
    if (answer.ok) return window.location.assign("/");
    setProblem(true);
  };
  return (
    <>
      <button type="button" className={classes.way} onClick={signOut} data-testid="sign-out">
        {t("signOut")}
      </button>
      <span role="status">{problem && t("problem.unexpected")}</span>
    </>
  );
}
