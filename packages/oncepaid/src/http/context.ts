import type { HttpBindings } from "@hono/node-server";
import type { Context as HonoContext, MiddlewareHandler } from "hono";
import type { Caller } from "#/caller.ts";
import type { Engine } from "#/engine.ts";

/**
 * What every handler is given: the request, the engine it is for and, where the table of routes asks for it, who is asking. On a
 * host that only runs Next there is no socket.
 */
export type HttpEnv = { Bindings: Partial<HttpBindings>; Variables: { engine: Engine; caller: Caller } };

export type Context = HonoContext<HttpEnv>;

export type Middleware = MiddlewareHandler<HttpEnv>;
