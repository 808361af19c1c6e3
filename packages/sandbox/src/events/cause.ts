import type { Store } from "../store.ts";

/** Who caused an event: the API request, or nobody (`null`s) when time or a customer on the page did. */
export interface Cause {
  id: string | null;
  idempotency_key: string | null;
}

export const NOBODY: Cause = { id: null, idempotency_key: null };

/** What an event takes from the change that it tells of. */
export interface Change {
  readonly store: Store;
  readonly now: number;
  readonly cause: Cause;
}
