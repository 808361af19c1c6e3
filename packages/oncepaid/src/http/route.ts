import type { Access } from "#/http/access.ts";
import type { Endpoint } from "#/http/endpoint.ts";

/** One row of a table of routes. `path` is Hono's: `/orders/:id`. */
export type Route = Endpoint & { method: Method; path: string; access: Access };

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

export function route(method: Method, path: string, access: Access, endpoint: Endpoint): Route {
  return { ...endpoint, method, path, access };
}
