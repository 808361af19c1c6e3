"use client";

import { Button } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/NewSlot.module.css";
import { instantOf } from "#/ui/admin/zoned-time.ts";
import { callApi } from "#/ui/call-api.ts";

/** A new date, told as its own place's clock shows it. */
export function NewSlot({ products }: { products: readonly { key: string; name: string }[] }) {
  const t = useTranslations("admin");
  const router = useRouter();
  const [told, setTold] = useState<string>();
  const create = async (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? "");
    const timeZone = text("timeZone");
    const [startsAt, endsAt] = [text("startsAt"), text("endsAt")].map((local) => instantOf(local, timeZone));
    const answer = await callApi("POST", "admin/slots", {
      productKey: text("productKey"),
      startsAt,
      endsAt,
      timeZone,
      place: text("place"),
      capacity: Number(text("capacity")),
    });
    setTold(answer.ok ? t("created") : t("failed", { code: answer.code }));
    if (answer.ok) router.refresh();
  };
  return (
    <form action={create} className={classes.form}>
      <label className={classes.field}>
        {t("product")}
        <select name="productKey" className={classes.input}>
          {products.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className={classes.field}>
        {t("starts")}
        <input type="datetime-local" name="startsAt" required className={classes.input} />
      </label>
      <label className={classes.field}>
        {t("ends")}
        <input type="datetime-local" name="endsAt" required className={classes.input} />
      </label>
      <label className={classes.field}>
        {t("timeZone")}
        <input name="timeZone" required placeholder="Asia/Kolkata" className={classes.input} />
      </label>
      <label className={classes.field}>
        {t("place")}
        <input name="place" required maxLength={500} className={classes.input} />
      </label>
      <label className={classes.field}>
        {t("capacity")}
        <input type="number" name="capacity" min={1} required defaultValue={10} className={classes.input} />
      </label>
      <Button type="submit" size="md">
        {t("create")}
      </Button>
      <span role="status">{told}</span>
    </form>
  );
}
