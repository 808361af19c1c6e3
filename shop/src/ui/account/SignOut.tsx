"use client";

import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/account/Way.module.css";
import { callApi } from "#/ui/call-api.ts";

/** Here, or wherever else somebody is signed in with the same account. */
export function SignOut({ everywhere = false }: { everywhere?: boolean }) {
  const t = useTranslations("account");
  const [problem, setProblem] = useState(false);
  const signOut = async () => {
    const answer = await callApi("POST", everywhere ? "auth/sign-out-everywhere" : "auth/sign-out");
    // Nothing of the account may stay on the screen: everything is asked for anew.
    if (answer.ok) return window.location.assign("/");
    setProblem(true);
  };
  return (
    <>
      <button
        type="button"
        className={classes.way}
        onClick={signOut}
        data-testid={everywhere ? "sign-out-everywhere" : "sign-out"}
      >
        {t(everywhere ? "signOutEverywhere" : "signOut")}
      </button>
      <span role="status" className={classes.said}>
        {problem && t("problem.unexpected")}
      </span>
    </>
  );
}
