import { Hono } from "hono";
import { actorOf } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { failure } from "#/failure.ts";
import { everybody, requireScope } from "#/http/access.ts";
import { answerFailure } from "#/http/answer.ts";
import { limitBody, MAX_EVENT_BYTES, MAX_REQUEST_BYTES } from "#/http/body-limit.ts";
import type { HttpEnv, Middleware } from "#/http/context.ts";
import { docsEndpoint } from "#/http/docs/page.ts";
import { textEndpoint } from "#/http/docs/text.ts";
import { openapiEndpoint } from "#/http/openapi.ts";
import { type OwnApi, type Route, route } from "#/http/route.ts";
import { ROUTES } from "#/http/routes.ts";
import { failureAfter } from "#/http/thrown.ts";

export const NOTHING_OWN: OwnApi = { routes: [], around: {} };

/** The HTTP side of an engine, under `basePath`. */
export function apiOf(engine: Engine, basePath: string, own = NOTHING_OWN): Hono<HttpEnv> {
  const api = new Hono<HttpEnv>().basePath(basePath);
  api.use((c, next) => {
    c.set("engine", engine);
    c.set("caller", { kind: "nobody" });
    return next();
  });
  for (const [path, middleware] of Object.entries(own.around)) api.use(path, middleware);
  for (const { method, path, access, respond } of routesWith(own.routes, basePath)) {
    const limit = limitBody(access.proofs.includes("stripeSignature") ? MAX_EVENT_BYTES : MAX_REQUEST_BYTES);
    const known = [...access.middleware, requireScope(access)];
    const before = method === "GET" ? known : [limit, noteChanges, ...known];
    api.on(method, [path], ...before, respond);
  }
  api.notFound((c) => answerFailure(c, failure("not_found", `There is no ${c.req.method} ${c.req.path}.`)));
  api.onError((error, c) =>
    answerFailure(c, failureAfter(engine, error, { method: c.req.method, path: c.req.path })),
  );
  return api;
}

/** Which key asked for a change, and what was answered: also where nothing else would remember it. */
const noteChanges: Middleware = async (c, next) => {
  await next();
  const { engine, caller } = c.var;
  if (caller.kind !== "server") return;
  const what = { by: actorOf(caller), method: c.req.method, path: c.req.path, status: c.res.status };
  engine.log.info(what, "changed by a server");
};

/** The whole table of an API: an app's own routes, the engine's, and those that describe them and themselves. */
export function routesWith(own: readonly Route[], basePath: string): Route[] {
  const isOwn = ({ method, path }: Route) => own.some((one) => one.method === method && one.path === path);
  const routes: Route[] = [
    ...own,
    ...[
      ...ROUTES,
      route(
        "GET",
        "/openapi.json",
        everybody,
        openapiEndpoint(() => routes, basePath),
        [],
      ),
      route(
        "GET",
        "/docs",
        everybody,
        docsEndpoint(() => routes, basePath),
        [],
      ),
      route(
        "GET",
        "/llms.txt",
        everybody,
        textEndpoint(() => routes, basePath),
        [],
      ),
    ].filter((one) => !isOwn(one)),
  ];
  return routes;
}
