import type { HttpBindings } from "@hono/node-server";
import type { Context as HonoContext } from "hono";
import type { Engine } from "#/engine.ts";

/** What every handler is given: the request, and the engine it is for. On a host that only runs Next there is no socket. */
export type HttpEnv = { Bindings: Partial<HttpBindings>; Variables: { engine: Engine } };

export type Context = HonoContext<HttpEnv>;
