"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { type ApiAnswer, callApi } from "#/ui/call-api.ts";
import classes from "#/ui/shop/WaitingList.module.css";

type WaitForProps = {
  slotId: string;
  day: string;
  productKey: string;
  /** Undefined for whom no mail could reach: they sign in first, which proves the address. */
  waits: boolean | undefined;
};

/** One date that is sold out: on its waiting list, and off it again. */
export function WaitFor({ slotId, day, productKey, waits }: WaitForProps) {
  const t = useTranslations("waiting");
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ text: string; bad: boolean }>();
  const act = async (call: Promise<ApiAnswer>, done: string) => {
    setBusy(true);
    const answer = await call;
    setBusy(false);
    setTold(answer.ok ? { text: done, bad: false } : { text: t(problemOf(answer.code)), bad: true });
    if (answer.ok) router.refresh();
  };
  const wait = () => !busy && act(callApi("POST", "waiting", { slotId }), t("waits"));
  const leave = () => !busy && act(callApi("DELETE", `waiting/${slotId}`), t("left"));
  return (
    <li className={classes.date} data-testid={`waiting-${slotId}`} data-waits={waits === true}>
      <span>{day}</span>
      {waits === undefined ? (
        <Link
          href={`/sign-in?next=${encodeURIComponent(`/products/${productKey}#waiting`)}`}
          prefetch={false}
          className={classes.way}
        >
          {t("signIn")}
        </Link>
      ) : (
        <button type="button" className={classes.way} aria-disabled={busy} onClick={waits ? leave : wait}>
          {waits ? t("leave") : t("tellMe")}
        </button>
      )}
      <span role="status" className={classes.told} data-bad={told?.bad}>
        {told?.text}
      </span>
    </li>
  );
}

const PROBLEMS = ["invalid_request", "too_many_requests", "mail_unavailable", "network"] as const;

function problemOf(code: string) {
  return `problem.${PROBLEMS.find((known) => known === code) ?? "unexpected"}` as const;
}
