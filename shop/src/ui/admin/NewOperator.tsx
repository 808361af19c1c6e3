"use client";

import type { Role } from "oncepaid";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton } from "#/ui/admin/Act.tsx";
import { useAct } from "#/ui/admin/use-act.ts";

type NewOperatorProps = { roles: readonly { role: Role; name: string; what: string }[] };

/** Gives an address a role, whether it had one or not. Each role says what it may do before it is given. */
export function NewOperator({ roles }: NewOperatorProps) {
  const t = useTranslations("admin.operators");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("support");
  const { busy, told, act } = useAct();
  const give = async (event: FormEvent) => {
    event.preventDefault();
    const body = { email: email.trim(), role };
    const given = await act({ path: "admin/operators", body, done: () => t("given", { email: body.email }) });
    if (given) setEmail("");
  };
  return (
    <form onSubmit={give} className={classes.steps} data-testid="new-operator">
      <label className={classes.field}>
        {t("email")}
        <input
          type="email"
          name="email"
          required
          maxLength={254}
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
          className={classes.input}
        />
      </label>
      <fieldset className={classes.choices}>
        <legend className={classes.legend}>{t("role")}</legend>
        {roles.map(({ role: one, name, what }) => (
          <label key={one} className={classes.choice}>
            <input
              type="radio"
              name="role"
              value={one}
              checked={role === one}
              onChange={() => setRole(one)}
            />
            <span>
              <strong>{name}</strong> – {what}
            </span>
          </label>
        ))}
      </fieldset>
      <span className={classes.buttons}>
        <ActButton busy={busy}>{t("give")}</ActButton>
      </span>
      <p role="status" className={classes.told} data-bad={told?.bad}>
        {told?.text}
      </p>
    </form>
  );
}
