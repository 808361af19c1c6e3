"use client";
import type { ClientFailure } from "#/client/request.ts";
import type { AnyOncepaid, Oncepaid } from "#/oncepaid.ts";
import { type Buying, type Cart, useBuying } from "#/react/buying.ts";
import { type Access, accessStore, type KeyOf, type Known, useAccess } from "#/react/entitlements.ts";

/** The engine in a page of React's: what whoever is signed in has, and the way to a payment page. Asks the app's own routes. */

export type { Bought, Buying, Cart } from "#/react/buying.ts";
export type { Access, KeyOf, Known } from "#/react/entitlements.ts";
export type { ClientFailure };

export type ReactOptions = {
  /** Where the engine is mounted in this app: `/api/oncepaid` where nothing is said. */
  basePath?: string;
  /** How long one try may take: 30,000 where nothing is said. */
  timeoutMs?: number;
};

const BASE_PATH = "/api/oncepaid";
const TIMEOUT_MS = 30_000;

/**
 * The hooks of one app, typed by its engine; nothing but the engine's type is imported. Made once, in a module of its own: all
 * components that use its `useEntitlements` share one answer.
 *
 * @example
 * "use client";
 * import type { oncepaid } from "../oncepaid.config";
 * export const { useEntitlements, useCheckout } = createReact<typeof oncepaid>();
 */
export function createReact<O extends AnyOncepaid = Oncepaid>(options: ReactOptions = {}) {
  const { basePath = BASE_PATH, timeoutMs = TIMEOUT_MS } = options;
  const base = basePath.replace(/\/+$/, "");
  const to = { base, timeoutMs, fetch: (...given: Parameters<typeof fetch>) => globalThis.fetch(...given) };
  const store = accessStore(to);
  return {
    /**
     * What whoever is signed in may use. Who isn't has nothing, and that is no problem. It is asked for once for all components, again
     * when the page is looked at again, and by `reload`. With what a server's page read already nobody waits.
     *
     * @example
     * const { has, isLoading } = useEntitlements();
     * if (!isLoading && has("pro")) return <Editor />;
     */
    useEntitlements: (initial?: Known): Access<KeyOf<O>> => useAccess(store, initial),
    /**
     * Makes or finds the order of a cart and leads to the page it is paid on. `pending` while it does, `problem` where it can't.
     *
     * @example
     * const { buy, pending, problem } = useCheckout();
     * return <button disabled={pending} onClick={() => buy({ productKey: "pro" })}>{problem?.error ?? "Buy"}</button>;
     */
    useCheckout: (): Buying<Cart<O>> => useBuying<Cart<O>>(to),
  };
}
