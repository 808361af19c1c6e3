"use client";

import type { OutboundType } from "oncepaid";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/Act.module.css";

export type EventTypes = readonly { type: OutboundType; what: string }[];

type EndpointFieldsProps = {
  types: EventTypes;
  /** What it is now; nothing for a new one. */
  given?: { url: string; description: string; events: readonly OutboundType[] | null };
};

const LONGEST_URL = 2_000;
const LONGEST_DESCRIPTION = 200;

/** Where webhooks go, what that is for, and of what is told there. */
export function EndpointFields({ types, given }: EndpointFieldsProps) {
  const t = useTranslations("admin.endpoints");
  const [chooses, setChooses] = useState((given?.events ?? null) !== null);
  return (
    <>
      <label className={classes.field}>
        {t("url")}
        <input
          type="url"
          name="url"
          required
          maxLength={LONGEST_URL}
          placeholder="https://"
          defaultValue={given?.url}
          autoComplete="off"
          className={classes.input}
        />
      </label>
      <label className={classes.field}>
        {t("description")}
        <input
          name="description"
          maxLength={LONGEST_DESCRIPTION}
          defaultValue={given?.description}
          autoComplete="off"
          className={classes.input}
        />
      </label>
      <fieldset className={classes.choices}>
        <legend className={classes.legend}>{t("tellsOf")}</legend>
        {[false, true].map((some) => (
          <label key={String(some)} className={classes.choice}>
            <input
              type="radio"
              name="which"
              value={some ? "some" : "all"}
              checked={chooses === some}
              onChange={() => setChooses(some)}
            />
            {some ? t("some") : t("all")}
          </label>
        ))}
      </fieldset>
      {chooses && (
        <fieldset className={classes.choices}>
          <legend className={classes.legend}>{t("which")}</legend>
          {types.map(({ type, what }) => (
            <label key={type} className={classes.choice}>
              <input
                type="checkbox"
                name="event"
                value={type}
                defaultChecked={given?.events?.includes(type) ?? false}
              />
              <span>
                {what} <code className={classes.code}>{type}</code>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}

/** What was filled in, as the API takes it; `events` is null for everything. */
export function readEndpoint(form: HTMLFormElement) {
  const data = new FormData(form);
  return {
    url: String(data.get("url")).trim(),
    description: String(data.get("description")).trim(),
    events: data.get("which") === "some" ? data.getAll("event").map(String) : null,
  };
}
