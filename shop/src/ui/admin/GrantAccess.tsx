"use client";

import type { FormEvent } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { endOfDay } from "#/ui/admin/end-of-day.ts";
import { useAct } from "#/ui/admin/use-act.ts";

type GrantAccessProps = {
  userId: string;
  /** The one it signs in with; undefined where nobody has signed in to it. */
  address: string | undefined;
  givable: readonly { key: string; name: string }[];
};

/** Gives an account a product that it didn't order. */
export function GrantAccess({ userId, address, givable }: GrantAccessProps) {
  const t = useTranslations("admin.act");
  const { busy, told, act } = useAct();
  const give = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const [productKey, day, note] = [text("product"), text("lastDay"), text("note")];
    const until = day === "" ? {} : { until: endOfDay(day) };
    const body = { userId, productKey, ...until, ...(note !== "" && { note }) };
    const product = givable.find(({ key }) => key === productKey)?.name ?? productKey;
    if (await act({ path: "entitlements", body, done: () => t("grantDone", { product }) })) form.reset();
  };
  return (
    <ActFrame title={t("grantTitle")} testId="act-grant" told={told}>
      <p>
        <strong data-testid="grant-to">
          {address === undefined ? t("grantToVisitor") : t("grantTo", { email: address })}
        </strong>{" "}
        {t("grantWill")}
      </p>
      <form onSubmit={give} className={classes.steps}>
        <label className={classes.field}>
          {t("grantWhat")}
          <select name="product" className={classes.input}>
            {givable.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className={classes.field}>
          {t("grantUntil")}
          <input name="lastDay" type="date" className={classes.input} />
        </label>
        <label className={classes.field}>
          {t("note")}
          <input name="note" maxLength={2000} autoComplete="off" className={classes.input} />
        </label>
        <span className={classes.buttons}>
          <ActButton busy={busy}>{t("grantButton")}</ActButton>
        </span>
      </form>
    </ActFrame>
  );
}
