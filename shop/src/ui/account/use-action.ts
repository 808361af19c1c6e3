"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { accountProblem } from "#/ui/account/account-problem.ts";
import type { ApiAnswer } from "#/ui/call-api.ts";

/** Something done through the API, once at a time: what to say of it, and the page drawn again when it is done. */
export function useAction() {
  const t = useTranslations("account");
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ text: string; bad: boolean }>();
  const act = async (call: () => Promise<ApiAnswer>, done?: string): Promise<ApiAnswer | undefined> => {
    if (busy) return undefined;
    setBusy(true);
    setTold(undefined);
    const answer = await call();
    setBusy(false);
    if (!answer.ok) setTold({ text: t(`problem.${accountProblem(answer.code)}`), bad: true });
    else if (done !== undefined) setTold({ text: done, bad: false });
    if (answer.ok) router.refresh();
    return answer;
  };
  return { busy, told, act };
}
