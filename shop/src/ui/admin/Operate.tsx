"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { useMayAct } from "#/ui/admin/MayAct.tsx";
import classes from "#/ui/admin/Operate.module.css";
import { callApi } from "#/ui/call-api.ts";
import { Button } from "#/ui/look/Button.tsx";

type OperateProps = { label: string; name: string; method?: "POST" | "DELETE"; path: string; body?: object };

/** One thing an operator does, asked twice: the second press does it. */
export function Operate({ label, name, method = "POST", path, body }: OperateProps) {
  const mayAct = useMayAct();
  const t = useTranslations("admin");
  const router = useRouter();
  const [state, setState] = useState<"rest" | "sure" | "busy">("rest");
  const [failed, setFailed] = useState<string>();
  const press = async () => {
    if (state === "busy") return;
    if (state === "rest") return setState("sure");
    setState("busy");
    setFailed(undefined);
    const answer = await callApi(method, path, body);
    setState("rest");
    if (answer.ok) router.refresh();
    else setFailed(t("failed", { code: answer.code }));
  };
  if (!mayAct) return null;
  return (
    <span className={classes.operate}>
      <Button
        quiet={state === "rest"}
        size="small"
        aria-label={state === "rest" ? `${label}: ${name}` : undefined}
        aria-disabled={state === "busy"}
        onClick={press}
        onBlur={() => state === "sure" && setState("rest")}
      >
        {state === "rest" ? label : t("sure", { what: label })}
      </Button>
      <span role="status" className={classes.failed}>
        {failed}
      </span>
    </span>
  );
}
