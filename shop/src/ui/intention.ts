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

/** The Idempotency-Keys of what somebody means to do. */
export type Intention = {
  /** The same whenever the same is asked for, whatever was asked for in between: tried again after a lost answer, it happens once. */
  keyOf(what: string): string;
  /** Its answer has come: the same, asked for once more, is meant anew. Whatever else was lost keeps its key. */
  forget(what: string): void;
};

export function newIntention(): Intention {
  const kept = new Map<string, string>();
  return {
    keyOf: (what) => {
      const key = kept.get(what) ?? crypto.randomUUID();
      kept.set(what, key);
      return key;
    },
    forget: (what) => {
      kept.delete(what);
    },
  };
}

/** One for as long as the form is shown. */
export function useIntention(): Intention {
  const intention = useRef<Intention>(undefined);
  intention.current ??= newIntention();
  return intention.current;
}
