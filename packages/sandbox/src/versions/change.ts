import type { RawHash } from "../api/form.ts";
import type { Store } from "../store.ts";
import { isJson, type Json } from "../wire.ts";

/** Puts the parameters of an older request into today's words. */
type Upgrade = (params: RawHash) => void;

/**
 * One breaking change of Stripe's, as its changelog lists them. Requests of versions before `since` are upgraded on
 * their way in, and what they are answered, or sent, looks as it did then.
 */
export interface Change {
  /** The first version with today's behaviour. */
  since: string;
  requests?: readonly {
    /** Method and path, such as `POST /v1/promotion_codes`. */
    to: RegExp;
    upgrade: Upgrade;
    /** Also for a request that names no version, which may use the words of any. */
    unnamed?: boolean;
  }[];
  /**
   * Parameters that went away with nothing in their place: the routes take them still, for older versions. A `*` in a
   * way stands for any place in a list.
   */
  gone?: readonly { from: RegExp; way: readonly string[] }[];
  /** What to do to an object, by the name in its `object` field, so that it looks as it did. */
  answers?: Record<string, (object: Json, look: Look) => void>;
  /** Fields that could be expanded then. */
  expandable?: Record<string, readonly string[]>;
}

/** Where an older shape takes what today's object doesn't say any more. */
export type Look = Pick<Store, "find" | "findAny" | "findDeleted" | "list" | "note">;

export function renamed(from: string, to: string): Upgrade {
  return (params) => {
    const value = params[from];
    if (value === undefined || to in params) return;
    delete params[from];
    params[to] = value;
  };
}

/** Upgrades the hash at a name, where there is one. */
export function inside(name: string, upgrade: Upgrade): Upgrade {
  return (params) => {
    const value = params[name];
    if (typeof value !== "object") return;
    const inner = { ...value };
    upgrade(inner);
    params[name] = inner;
  };
}

/** Upgrades each hash of the list at a name. */
export const inEach = (name: string, upgrade: Upgrade): Upgrade =>
  inside(name, (items) => {
    for (const place of Object.keys(items)) inside(place, upgrade)(items);
  });

/** For a text whose place or shape changed; what already has today's shape stays as it is. */
export function nested(from: string, to: string, reshape: (value: string) => RawHash | string): Upgrade {
  return (params) => {
    const value = params[from];
    if (typeof value !== "string" || (to !== from && to in params)) return;
    delete params[from];
    params[to] = reshape(value);
  };
}

/** What a request meant that left a parameter out. */
export function defaulted(name: string, value: RawHash | string): Upgrade {
  return (params) => {
    params[name] ??= value;
  };
}

/** The hash at a name, or an empty one. */
export function hashAt(params: RawHash, name: string): RawHash {
  const value = params[name];
  return typeof value === "object" ? value : {};
}

export const fieldOf = (object: unknown, name: string): unknown =>
  isJson(object) ? object[name] : undefined;

/** The values of a list, whatever it is. */
export const itemsOf = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
