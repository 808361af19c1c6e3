import type { FailureCode } from "#/failure.ts";
import type { Access } from "#/http/access.ts";
import type { Middleware } from "#/http/context.ts";
import type { Endpoint } from "#/http/endpoint.ts";

/** One row of a table of routes. `path` is Hono's: `/orders/:id`. */
export type Route = Endpoint & {
  method: Method;
  path: string;
  access: Access;
  /** What may go wrong in it, beside what may in any route of its kind; any code where it isn't said. */
  fails?: readonly FailureCode[] | undefined;
};

/** What an app adds to the engine's API: routes, its own in place of the engine's where both have one, and what stands around some. */
export type OwnApi = { routes: readonly Route[]; around: Readonly<Record<string, Middleware>> };

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/**
 * One row of the table: how, where, who may ask, what it is, and the codes it may fail with.
 *
 * @example
 * route("GET", "/me", anyCaller, getMe)
 */
export function route(
  method: Method,
  path: string,
  access: Access,
  endpoint: Endpoint,
  fails?: readonly FailureCode[],
): Route {
  return { ...endpoint, method, path, access, fails };
}
