"use client";

import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { ShownOnce } from "#/ui/admin/ShownOnce.tsx";
import { secretIn } from "#/ui/admin/secret-in.ts";
import { useAct } from "#/ui/admin/use-act.ts";

/** Hours the secret before signs too; 0 for one that leaked. */
const OVERLAPS = [24, 168, 0] as const;

/** Makes a new secret, shown this once. */
export function RotateSecret({ endpointId, url }: { endpointId: string; url: string }) {
  const t = useTranslations("admin.endpoints");
  const { busy, told, act } = useAct();
  const [secret, setSecret] = useState<string>();
  const rotate = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { overlapHours: Number(new FormData(event.currentTarget).get("overlap")) };
    const done = (answered: object) => {
      setSecret(secretIn(answered, "secret"));
      return t("rotateDone");
    };
    return act({ path: `webhook-endpoints/${endpointId}/secret`, body, done });
  };
  return (
    <ActFrame title={t("rotateTitle")} testId="act-rotate" told={told}>
      <p>{t("rotateWill")}</p>
      <form onSubmit={rotate} className={classes.steps}>
        <fieldset className={classes.choices}>
          <legend className={classes.legend}>{t("overlap")}</legend>
          {OVERLAPS.map((hours, index) => (
            <label key={hours} className={classes.choice}>
              <input type="radio" name="overlap" value={hours} defaultChecked={index === 0} />
              {hours === 0 ? t("noOverlap") : t("overlapHours", { hours })}
            </label>
          ))}
        </fieldset>
        <span className={classes.buttons}>
          <ActButton busy={busy}>{t("rotateButton")}</ActButton>
        </span>
      </form>
      {secret !== undefined && <ShownOnce name={url} secret={secret} testId="new-secret" />}
    </ActFrame>
  );
}
