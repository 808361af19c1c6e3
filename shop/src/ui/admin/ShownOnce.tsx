"use client";

import { useId, useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/ShownOnce.module.css";
import { Button } from "#/ui/look/Button.tsx";

/** Something that is kept nowhere: it stands here until the page is left. */
export function ShownOnce({ name, secret, testId }: { name: string; secret: string; testId: string }) {
  const t = useTranslations("admin.once");
  const [told, setTold] = useState("");
  const id = useId();
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => setTold(t("copied")),
      () => setTold(t("notCopied")),
    );
  return (
    <div className={classes.once} data-testid={testId}>
      <label htmlFor={id}>
        <strong>{name}</strong> {t("keep")}
      </label>
      <span className={classes.line}>
        <input
          id={id}
          readOnly
          value={secret}
          onFocus={({ currentTarget }) => currentTarget.select()}
          className={classes.secret}
        />
        <Button onClick={copy}>{t("copy")}</Button>
      </span>
      <span role="status">{told}</span>
    </div>
  );
}
