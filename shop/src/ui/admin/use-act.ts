"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { actProblem } from "#/ui/admin/act-problem.ts";
import { callApi } from "#/ui/call-api.ts";
import { isLost, useIntention } from "#/ui/intention.ts";

export type Told = { text: string; bad: boolean };

type Asked = {
  method?: "POST" | "PATCH" | "DELETE" | undefined;
  path: string;
  body?: object;
  done: (answered: object) => string;
};

/** What comes of an act is told by Stripe a moment later; the page is drawn again then too. */
const LATER_MS = 2_500;

/** Something an operator does to an order, once at a time, and the sentence that tells what came of it. */
export function useAct() {
  const t = useTranslations("admin");
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Told>();
  const intention = useIntention();
  const act = async ({ method = "POST", path, body = {}, done }: Asked): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setTold(undefined);
    const what = `${method} ${path} ${JSON.stringify(body)}`;
    const key = intention.keyOf(what);
    const answer = await callApi(method, path, body, { key });
    setBusy(false);
    if (!isLost(answer)) intention.forget(what);
    if (!answer.ok) {
      setTold({ text: t(`problem.${actProblem(answer.code)}`, { code: answer.code }), bad: true });
      // It may have happened: whoever changes their mind now has to see what is true.
      if (isLost(answer) && (await pageAnswers())) router.refresh();
      return false;
    }
    setTold({ text: done(answer.json), bad: false });
    router.refresh();
    setTimeout(() => router.refresh(), LATER_MS);
    return true;
  };
  return { busy, told, act };
}

/** Next leaves the page where it can't be drawn again, and the key that makes a repetition safe would be lost with it. */
async function pageAnswers(): Promise<boolean> {
  const page = await fetch(window.location.href, { method: "HEAD" }).catch(() => undefined);
  return page?.ok === true;
}
