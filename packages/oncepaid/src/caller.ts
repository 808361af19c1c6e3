/**
 * Who is asking. Nobody has no account yet; a user's `email` is one they have proven to read, in lower case, or null, and a guest is
 * a user whose id begins with `visitor_`; an operator sees everything, and does what their role lets them. A server has an API key, and a name if the key has one;
 * with `scopes` it may do only what they say. `onBehalfOf` is a person of whom it says that they ask through it.
 */
export type Caller =
  | { kind: "nobody" }
  | {
      kind: "user";
      userId: string;
      email: string | null;
      isOperator: boolean;
      /** An operator's; `owner` where nothing is said. */
      role?: Role;
      prefill?: string | null;
    }
  | { kind: "server"; name?: string; scopes?: readonly Scope[]; onBehalfOf?: string };

/**
 * What an operator may do, the least first.
 *
 * @example
 * const role = z.enum(ROLES);
 */
export const ROLES = ["read", "support", "owner"] as const;

/**
 * `read`: see everything, change nothing. `support`: whatever is done about orders, access and dates. `owner`: everything; keys,
 * endpoints, discount codes and people are theirs alone.
 */
export type Role = (typeof ROLES)[number];

/**
 * Whether who asks has this role, or one that may do more. A server isn't limited by roles.
 *
 * @example
 * if (!hasRole(c.var.caller, "support")) return failure("forbidden", "Your role only lets you look.");
 */
export function hasRole(caller: Caller, role: Role): boolean {
  if (caller.kind === "server") return true;
  if (caller.kind !== "user" || !caller.isOperator) return false;
  return ROLES.indexOf(caller.role ?? "owner") >= ROLES.indexOf(role);
}

/** What a key may do; each route says which one it takes. The last one takes in all the others. */
export const SCOPES = ["read", "sell", "support", "operator"] as const;

/**
 * `read`: see orders, access and files. `sell`: what a buyer may do, for them. `support`: refunds, cancellations and the rest that is
 * done about an order. `operator`: everything.
 */
export type Scope = (typeof SCOPES)[number];

/** Those of the names that are scopes, in their order. */
export function scopesOf(names: readonly string[]): Scope[] {
  return SCOPES.filter((scope) => names.includes(scope));
}

/**
 * Whether who asks may do what takes this scope, as far as a key limits it; a key of the app's settings, and whoever has none, isn't
 * limited by scopes.
 *
 * @example
 * if (!hasScope(c.var.caller, "support")) return failure("insufficient_scope", "This takes a key with the scope support.");
 */
export function hasScope(caller: Caller, scope: Scope): boolean {
  if (caller.kind !== "server" || !caller.scopes) return true;
  return caller.scopes.includes(scope) || caller.scopes.includes("operator");
}

/** The app itself asks, so nothing is kept from it. */
export const APP: Caller = { kind: "server" };

/** Who did something, where nobody is named. */
export const THE_APP = "the app";

/** Whom timelines name for what was done: the app itself, where nobody is named. */
export type By = { by?: string | undefined };

/** How the ids of guests begin: browsers without an account, which have the engine's own cookie (http/guest.ts). */
export const VISITOR_PREFIX = "visitor_";

/** What a user owns is shown to the user, an operator and a server; to everybody else it doesn't exist. */
export function maySee(caller: Caller, ownerId: string): boolean {
  if (caller.kind === "server") return true;
  return caller.kind === "user" && (caller.isOperator || caller.userId === ownerId);
}

/** What a user owns is changed by the user, an operator who may act, and a server. */
export function mayChange(caller: Caller, ownerId: string): boolean {
  return hasRole(caller, "support") || (caller.kind === "user" && caller.userId === ownerId);
}

/**
 * Whether who asks may see everything: an operator, or a server.
 *
 * @example
 * return isOperating(c.var.caller) ? details : { status: details.status };
 */
export function isOperating(caller: Caller): boolean {
  return caller.kind === "server" || (caller.kind === "user" && caller.isOperator);
}

/**
 * Who did something, as timelines name them: the id of an account, or which API key.
 *
 * @example
 * await oncepaid.audit.write({ by: actorOf(c.var.caller), what: "person.added", about: email });
 */
export function actorOf(caller: Caller): string {
  if (caller.kind === "user") return caller.userId;
  if (caller.kind === "nobody") return "nobody";
  const key = caller.name === undefined ? "an API key" : `the API key ${caller.name}`;
  return caller.onBehalfOf === undefined ? key : `${caller.onBehalfOf}, by ${key}`;
}
