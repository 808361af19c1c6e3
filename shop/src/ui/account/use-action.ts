"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslations } from "use-intl/react";
import { accountProblem } from "#/ui/account/account-problem.ts";
import type { ApiAnswer } from "#/ui/call-api.ts";
import { isLost, useIntention } from "#/ui/intention.ts";

type Action = {
  /** Asks the API; `key` is the intention's own, for routes that take an Idempotency-Key. */
  call: (key: string) => Promise<ApiAnswer>;
  /** What tells one intention from another of the same form, for example the date that was chosen. */
  intention?: string;
  /** What is said when it is done. */
  done?: string | ((answered: object) => string);
};

/**
 * Something done through the API, once at a time: what to say of it, and the page drawn again with what is true then. `problemText` has the
 * sentence for a refusal's code; without it, those of the account.
 */
export function useAction(problemText?: (code: string) => string) {
  const t = useTranslations("account");
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ text: string; bad: boolean }>();
  const kept = useIntention();
  const act = async ({ call, intention = "", done }: Action): Promise<ApiAnswer | undefined> => {
    if (busy) return undefined;
    setBusy(true);
    setTold(undefined);
    const answer = await call(kept.keyOf(intention));
    setBusy(false);
    if (!answer.ok) {
      const text = problemText?.(answer.code) ?? t(`problem.${accountProblem(answer.code)}`);
      setTold({ text, bad: true });
      // A page that the shop can't be asked for now would be lost too.
      if (isLost(answer)) return answer;
    } else if (done !== undefined) {
      setTold({ text: typeof done === "string" ? done : done(answer.json), bad: false });
    }
    kept.forget(intention);
    router.refresh();
    return answer;
  };
  return { busy, told, act };
}
