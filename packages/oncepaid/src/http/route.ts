import type { Access } from "#/http/access.ts";
import type { Endpoint } from "#/http/endpoint.ts";

/** One row of a table of routes. `path` is Hono's: `/orders/:id`. */
export type Route = Endpoint & { method: Method; path: string; access: Access };

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/**
 * One row of the table: how, where, who may ask, and what it is.
 *
 * @example
 * route("GET", "/me", anyCaller, getMe)
 */
export function route(method: Method, path: string, access: Access, endpoint: Endpoint): Route {
  return { ...endpoint, method, path, access };
}
