import { useRef } from "react";

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
