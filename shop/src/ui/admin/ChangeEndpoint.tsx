"use client";

import type { WebhookEndpoint } from "oncepaid";
import type { FormEvent } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";
import { ActButton, ActFrame } from "#/ui/admin/Act.tsx";
import { EndpointFields, type EventTypes, readEndpoint } from "#/ui/admin/EndpointFields.tsx";
import { useAct } from "#/ui/admin/use-act.ts";

/** Another address, or other things that are told there. */
export function ChangeEndpoint({ endpoint, types }: { endpoint: WebhookEndpoint; types: EventTypes }) {
  const t = useTranslations("admin.endpoints");
  const { busy, told, act } = useAct();
  const change = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = readEndpoint(event.currentTarget);
    const path = `webhook-endpoints/${endpoint.id}`;
    return act({ method: "PATCH", path, body, done: () => t("changeDone") });
  };
  return (
    <ActFrame title={t("changeTitle")} testId="act-change" told={told}>
      <p>{t("changeWill")}</p>
      <form onSubmit={change} className={classes.steps}>
        <EndpointFields types={types} given={endpoint} />
        <span className={classes.buttons}>
          <ActButton busy={busy}>{t("changeButton")}</ActButton>
        </span>
      </form>
    </ActFrame>
  );
}
