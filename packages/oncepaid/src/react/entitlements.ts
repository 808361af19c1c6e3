import { useCallback, useMemo, useSyncExternalStore } from "react";
import { ask } from "#/client/ask.ts";
import type { ClientFailure, Connection } from "#/client/request.ts";
import type { EntitlementView } from "#/purchases/entitlements.ts";

/** What whoever is signed in may use, read once for all components of a page. */

/** The keys of the products that an engine `O` sells. */
export type KeyOf<O> = O extends { has(userId: string, productKey: infer Key): unknown }
  ? Key extends string
    ? Key
    : never
  : never;

export type Access<Key extends string> = {
  /** Whether the product may be used now. False too while nothing is known: ask `isLoading` and `problem` before you refuse anything. */
  has(productKey: Key): boolean;
  /** Everything that was ever granted, the newest first; undefined while nothing is known. */
  data: readonly EntitlementView[] | undefined;
  /** What may be used now, by the names that products give it. */
  features: readonly string[];
  /** Nothing is known yet, and it is being asked for. */
  isLoading: boolean;
  /** Why it couldn't be read, or not again: then `data` is what was known before. */
  problem: ClientFailure | undefined;
  /** Asks again: after something was bought on this page, or somebody signed in or out. */
  reload(): void;
};

/** As a server's page may have read it already. */
export type Known = { entitlements: readonly EntitlementView[]; features?: readonly string[] };
type State = { answer?: Known; problem?: ClientFailure };
type Store = {
  subscribe(told: () => void): () => void;
  read(): State;
  reload(): void;
};

/** What a server's page and its first drawing in the browser begin with. */
const NOTHING: State = {};
const NOBODYS: Known = { entitlements: [], features: [] };
const NO_FEATURES: readonly string[] = [];

export function accessStore(to: Connection): Store {
  let state = NOTHING;
  let newest = 0;
  let isAsking = false;
  const listeners = new Set<() => void>();
  const reload = async () => {
    const mine = ++newest;
    isAsking = true;
    const answered = await ask<Known>(to, { method: "GET", path: ["entitlements"] });
    // Asked again meanwhile, an older answer may be of before a purchase, or of somebody else.
    if (mine !== newest) return;
    isAsking = false;
    state = stateAfter(answered, state);
    for (const told of listeners) told();
  };
  const lookAgain = () => {
    if (document.visibilityState === "visible" && !isAsking) void reload();
  };
  const subscribe = (told: () => void) => {
    listeners.add(told);
    if (listeners.size === 1) {
      document.addEventListener("visibilitychange", lookAgain);
      // React draws twice in its strict mode, and asks once.
      if (!isAsking) void reload();
    }
    return () => {
      listeners.delete(told);
      if (listeners.size === 0) document.removeEventListener("visibilitychange", lookAgain);
    };
  };
  return { subscribe, read: () => state, reload: () => void reload() };
}

/** What was known stays where nobody can be asked: an outage takes nothing from anybody. */
function stateAfter(answered: ({ ok: true } & Known) | ClientFailure, before: State): State {
  if (answered.ok) return { answer: answered };
  if (answered.code === "unauthenticated") return { answer: NOBODYS };
  return { ...before, problem: answered };
}

export function useAccess<Key extends string>(store: Store, initial: Known | undefined): Access<Key> {
  const { answer = initial, problem } = useSyncExternalStore(store.subscribe, store.read, () => NOTHING);
  const data = answer?.entitlements;
  const active = useMemo(
    () => new Set(data?.flatMap(({ productKey, state }) => (state === "active" ? [productKey] : []))),
    [data],
  );
  const has = useCallback((productKey: Key) => active.has(productKey), [active]);
  const isLoading = answer === undefined && problem === undefined;
  return {
    has,
    data,
    features: answer?.features ?? NO_FEATURES,
    isLoading,
    problem,
    reload: store.reload,
  };
}
