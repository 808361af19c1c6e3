"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl/react";
import { useMayAct } from "#/ui/admin/MayAct.tsx";
import classes from "#/ui/admin/SlotFields.module.css";
import { SlotFields } from "#/ui/admin/SlotFields.tsx";
import { changeOf, readTexts, type SlotTexts } from "#/ui/admin/slot-form.ts";
import { callApi } from "#/ui/call-api.ts";
import { Button } from "#/ui/look/Button.tsx";

/** The fields of a date that is there, behind a word that opens them. What was typed stays when it is refused. */
export function ChangeSlot({ id, texts, name }: { id: string; texts: SlotTexts; name: string }) {
  const mayAct = useMayAct();
  const t = useTranslations("admin");
  const router = useRouter();
  const [told, setTold] = useState<string>();
  const change = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const answer = await callApi(
      "PATCH",
      `admin/slots/${id}`,
      changeOf(texts, readTexts(new FormData(event.currentTarget))),
    );
    setTold(answer.ok ? t("saved") : t("failed", { code: answer.code }));
    if (answer.ok) router.refresh();
  };
  if (!mayAct) return null;
  return (
    <details className={classes.change}>
      <summary className={classes.summary} aria-label={`${t("change")}: ${name}`}>
        {t("change")}
      </summary>
      <form onSubmit={change} className={classes.form}>
        <SlotFields texts={texts} />
        <Button type="submit">{t("save")}</Button>
        <span role="status">{told}</span>
      </form>
    </details>
  );
}
