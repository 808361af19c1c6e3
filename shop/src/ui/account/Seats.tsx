"use client";

import Link from "next/link";
import type { Seat } from "oncepaid";
import { useTranslations } from "use-intl/react";
import { InviteForm } from "#/ui/account/InviteForm.tsx";
import classes from "#/ui/account/Seats.module.css";
import { Told } from "#/ui/account/Told.tsx";
import { useAction } from "#/ui/account/use-action.ts";
import ways from "#/ui/account/Way.module.css";
import { callApi } from "#/ui/call-api.ts";

type SeatsProps = {
  entitlementId: string;
  quantity: number;
  left: number;
  seats: readonly Seat[];
  signedIn: boolean;
  /** The whole plan is paused, and its members with it. */
  rests: boolean;
};

/** Who has the seats of a plan, and who may still get one. */
export function Seats({ entitlementId, quantity, left, seats, signedIn, rests }: SeatsProps) {
  const t = useTranslations("seats");
  const { busy, told, act } = useAction();
  const paused = seats.some(({ state }) => state === "suspended");
  return (
    <div className={classes.seats}>
      <h4 className={classes.title}>{t("title")}</h4>
      <p className={classes.text} data-testid="seats-left">
        {t("text", { left, count: quantity })}
      </p>
      {seats.length === 0 && <p className={classes.text}>{t("none")}</p>}
      <ul className={classes.list}>
        {seats.map(({ id, email, state }) => (
          <li key={id} className={classes.seat} data-testid={`seat-${email}`} data-state={state}>
            <span className={classes.email}>{email}</span>
            <span className={classes.state}>{t(`state.${state}`)}</span>
            <button
              type="button"
              className={ways.way}
              aria-label={`${t(state === "invited" ? "withdraw" : "remove")}: ${email}`}
              aria-disabled={busy}
              onClick={() =>
                act({
                  call: () => callApi("DELETE", `plans/${entitlementId}/seats/${id}`),
                  done: t("removed", { email }),
                })
              }
            >
              {t(state === "invited" ? "withdraw" : "remove")}
            </button>
          </li>
        ))}
      </ul>
      {paused && (
        <p className={classes.why} data-testid="why-suspended">
          {t(rests ? "planRests" : "whySuspended")}
        </p>
      )}
      <Told told={told} />
      {signedIn ? (
        <InviteForm entitlementId={entitlementId} />
      ) : (
        <p className={classes.text}>
          <Link href="/sign-in?next=/account">{t("signInFirst")}</Link>
        </p>
      )}
    </div>
  );
}
