import type { FailureCode } from "#/failure.ts";
import type { Access } from "#/http/access.ts";
import type { Endpoint } from "#/http/endpoint.ts";

/** One row of a table of routes. `path` is Hono's: `/orders/:id`. */
export type Route = Endpoint & {
  method: Method;
  path: string;
  access: Access;
  /** What may go wrong in it, beside what may in any route of its kind; any code where it isn't said. */
  fails?: readonly FailureCode[] | undefined;
};

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
