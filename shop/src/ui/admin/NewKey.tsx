"use client";

import type { Scope } from "oncepaid";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton } from "#/ui/admin/Act.tsx";
import { ShownOnce } from "#/ui/admin/ShownOnce.tsx";
import { secretIn } from "#/ui/admin/secret-in.ts";
import { useAct } from "#/ui/admin/use-act.ts";

type NewKeyProps = { scopes: readonly { scope: Scope; what: string }[] };

const LONGEST_NAME = 60;

/** Makes a key for another server; each scope says what it lets it do before it is given. */
export function NewKey({ scopes }: NewKeyProps) {
  const t = useTranslations("admin.keys");
  const { busy, told, act } = useAct();
  const [made, setMade] = useState<{ name: string; key: string }>();
  const [missing, setMissing] = useState(false);
  const make = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const body = { name: String(data.get("name")).trim(), scopes: data.getAll("scope") };
    setMissing(body.scopes.length === 0);
    if (body.scopes.length === 0) return;
    const done = (answered: object) => {
      setMade({ name: body.name, key: secretIn(answered, "key") });
      return t("made", { name: body.name });
    };
    if (await act({ path: "keys", body, done })) form.reset();
  };
  return (
    <form onSubmit={make} className={classes.steps} data-testid="new-key">
      <label className={classes.field}>
        {t("name")}
        <input name="name" required maxLength={LONGEST_NAME} autoComplete="off" className={classes.input} />
      </label>
      <fieldset className={classes.choices}>
        <legend className={classes.legend}>{t("scopes")}</legend>
        {scopes.map(({ scope, what }) => (
          <label key={scope} className={classes.choice}>
            <input type="checkbox" name="scope" value={scope} />
            <span>
              <strong>{scope}</strong> – {what}
            </span>
          </label>
        ))}
      </fieldset>
      <span className={classes.buttons}>
        <ActButton busy={busy}>{t("make")}</ActButton>
      </span>
      <p role="status" className={classes.told} data-bad={missing || told?.bad}>
        {missing ? t("noScope") : told?.text}
      </p>
      {made && <ShownOnce name={made.name} secret={made.key} testId="made-key" />}
    </form>
  );
}
