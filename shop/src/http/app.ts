import type { Hono } from "hono";
import type { Engine } from "oncepaid/engine.ts";
import { apiOf } from "oncepaid/http/app.ts";
import type { HttpEnv } from "oncepaid/http/context.ts";
import { showRefusal } from "#/http/refused-page.ts";
import { ROUTES } from "#/http/routes.ts";

/** The shop's API: the engine's, with the accounts of the shop beside it. */
export function shopApi(engine: Engine): Hono<HttpEnv> {
  const around = { "/downloads/*": showRefusal, "/files/*": showRefusal };
  return apiOf(engine, "/api", { routes: ROUTES, around });
}
