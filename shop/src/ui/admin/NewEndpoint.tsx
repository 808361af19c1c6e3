"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton } from "#/ui/admin/Act.tsx";
import { EndpointFields, type EventTypes, readEndpoint } from "#/ui/admin/EndpointFields.tsx";
import { ShownOnce } from "#/ui/admin/ShownOnce.tsx";
import { secretIn } from "#/ui/admin/secret-in.ts";
import { useAct } from "#/ui/admin/use-act.ts";

/** Adds a server that is told what happens, and shows its secret this once. */
export function NewEndpoint({ types }: { types: EventTypes }) {
  const t = useTranslations("admin.endpoints");
  const { busy, told, act } = useAct();
  const [made, setMade] = useState<{ url: string; secret: string }>();
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const body = readEndpoint(form);
    const done = (answered: object) => {
      setMade({ url: body.url, secret: secretIn(answered, "secret") });
      return t("added");
    };
    if (await act({ path: "webhook-endpoints", body, done })) form.reset();
  };
  return (
    <form onSubmit={add} className={classes.steps} data-testid="new-endpoint">
      <EndpointFields types={types} />
      <span className={classes.buttons}>
        <ActButton busy={busy}>{t("add")}</ActButton>
      </span>
      <p role="status" className={classes.told} data-bad={told?.bad}>
        {told?.text}
      </p>
      {made && <ShownOnce name={made.url} secret={made.secret} testId="made-secret" />}
    </form>
  );
}
