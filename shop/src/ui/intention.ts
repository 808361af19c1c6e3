import { useRef } from "react";
import type { ApiAnswer } from "#/ui/call-api.ts";

/**
 * It may have happened, but nobody said so: no answer came, a proxy's came instead of the API's, or the API failed on its way, for example
 * while it stored what was done.
 */
const LOST: readonly string[] = ["network", "unexpected", "internal"];

/** Whether it isn't known what came of it. The intention is kept then: only under the same key it is safe to try again. */
export function isLost(answer: ApiAnswer): boolean {
  return !answer.ok && LOST.includes(answer.code);
}

/** The Idempotency-Key of what somebody means to do. */
export type Intention = {
  /** The same while the same is asked for: tried again after a lost answer, it happens once. Anything else has a key of its own. */
  keyOf(what: string): string;
  /** An answer has come: the same, asked for once more, is meant anew. */
  forget(): void;
};

export function newIntention(): Intention {
  let kept: { what: string; key: string } | undefined;
  return {
    keyOf: (what) => {
      if (kept?.what !== what) kept = { what, key: crypto.randomUUID() };
      return kept.key;
    },
    forget: () => {
      kept = undefined;
    },
  };
}

/** One for as long as the form is shown. */
export function useIntention(): Intention {
  const intention = useRef<Intention>(undefined);
  intention.current ??= newIntention();
  return intention.current;
}
