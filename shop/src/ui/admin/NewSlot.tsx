"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import classes from "#/ui/admin/SlotFields.module.css";
import { SlotFields } from "#/ui/admin/SlotFields.tsx";
import { readTexts, slotOf } from "#/ui/admin/slot-form.ts";
import { callApi } from "#/ui/call-api.ts";
import { Button } from "#/ui/look/Button.tsx";

export function NewSlot({ products }: { products: readonly { key: string; name: string }[] }) {
  const t = useTranslations("admin");
  const router = useRouter();
  const [told, setTold] = useState<string>();
  const create = async (form: FormData) => {
    const answer = await callApi("POST", "admin/slots", {
      productKey: String(form.get("productKey")),
      ...slotOf(readTexts(form)),
    });
    setTold(answer.ok ? t("created") : t("failed", { code: answer.code }));
    if (answer.ok) router.refresh();
  };
  return (
    <form action={create} className={classes.form} data-testid="new-slot">
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
      <SlotFields />
      <Button type="submit">{t("create")}</Button>
      <span role="status">{told}</span>
    </form>
  );
}
