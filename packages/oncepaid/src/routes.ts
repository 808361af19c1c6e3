import type { Context as HonoContext, Next } from "hono";
import type { z } from "zod";
import type { Caller } from "#/caller.ts";
import type { Failure } from "#/failure.ts";
import { apiOf } from "#/http/app.ts";
import type { Host } from "#/http/context.ts";
import { DELIVERIES, deliveriesOf, type TakeDelivery } from "#/http/deliveries.ts";
import { type Answers, type Endpoint, endpoint as engineEndpoint, type Takes } from "#/http/endpoint.ts";
import { mayCheckOut as mayCheckOutOf, networkOfRequest as networkOf } from "#/http/rate-limit.ts";
import type { Route } from "#/http/route.ts";
import { type AnyOncepaid, engineIn } from "#/oncepaid.ts";

/**
 * Routes of an app's own beside the engine's, in the same style: who may ask is stated in the table, what is taken and answered is a
 * schema, failures are values, and all of it stands in the OpenAPI document.
 */

export { actorOf, hasRole, hasScope, isOperating, ROLES, type Role, type Scope } from "#/caller.ts";
export {
  type Access,
  anyCaller,
  everybody,
  healthCaller,
  knownCaller,
  operator,
  owner,
  scoped,
  serverOrOperator,
} from "#/http/access.ts";
export { emailAddress } from "#/http/email.ts";
export { file, json, redirect } from "#/http/endpoint.ts";
export { healthView } from "#/http/health.ts";
export { areProxies, clientOf, type TrustedProxies } from "#/http/network.ts";
export { ownOrigins } from "#/http/origin.ts";
export { route } from "#/http/route.ts";
export type { Answers, Endpoint, Route, Takes };

/** One request, as Hono has it; `c.var.caller` is who asks, where the route's access looks at that. */
export type Context = Omit<HonoContext, "env" | "get" | "res" | "set" | "var"> & {
  get res(): Response;
  /** Set to undefined first, the headers of the answer before it are not kept. */
  set res(answer: Response | undefined);
  readonly env: Host | undefined;
  readonly var: { readonly caller: Caller };
};

/** Stands around a route; it may answer itself. */
export type Middleware = (c: Context, next: Next) => Promise<Response | undefined> | Promise<void>;

/**
 * The HTTP side of an engine with routes of the app's own, which take the place of the engine's where both have one. `around` is
 * middleware by path.
 *
 * @example
 * const api = withRoutes(oncepaid, { routes: [route("GET", "/me", anyCaller, getMe)] });
 * createServer(toNodeListener(api)).listen(3000);
 */
export function withRoutes(
  oncepaid: AnyOncepaid,
  { routes, around = {} }: { routes: readonly Route[]; around?: Readonly<Record<string, Middleware>> },
): {
  handle(request: Request, host?: Host): Promise<Response>;
  /** @internal For `toNodeListener`. */
  readonly [DELIVERIES]?: TakeDelivery | undefined;
} {
  const engine = engineIn(oncepaid);
  const { basePath } = engine.settings;
  const own = { routes, around };
  const api = apiOf(engine, basePath, own);
  return {
    handle: async (request: Request, host: Host = {}) => api.fetch(request, host),
    [DELIVERIES]: deliveriesOf(engine, basePath, own),
  };
}

/**
 * One thing that can be asked. The handler is given what was checked; a value is answered as JSON, a failure by its code.
 *
 * @example
 * const getMe = endpoint({
 *   summary: "Who is signed in here",
 *   answers: json(z.object({ userId: z.string().nullable() })),
 *   handle: async (c) => ({ userId: c.var.caller.kind === "user" ? c.var.caller.userId : null }),
 * });
 */
export function endpoint<T extends Takes & z.ZodRawShape, A extends object | null>(definition: {
  summary: string;
  takes?: T;
  answers: Answers<A>;
  handle(c: Context, taken: z.output<z.ZodObject<T>>): Promise<A | Failure | Response>;
}): Endpoint {
  return engineEndpoint(definition);
}

/**
 * Where a request of a browser comes from, for counting: an address, or the network of an IPv6 one.
 *
 * @example
 * if (!(await countOne("code_from_network", networkOfRequest(oncepaid, c)))) return TOO_MANY;
 */
export function networkOfRequest(oncepaid: AnyOncepaid, c: Context): string {
  return networkOf(engineIn(oncepaid), c);
}

/**
 * Counts one checkout of whoever asks, or an account that is made for one; false when there were too many.
 *
 * @example
 * if (!(await mayCheckOut(oncepaid, c))) return TOO_MANY;
 */
export function mayCheckOut(oncepaid: AnyOncepaid, c: Context): Promise<boolean> {
  return mayCheckOutOf(engineIn(oncepaid), c, c.var.caller);
}
