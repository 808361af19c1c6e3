import type { Context as HonoContext, MiddlewareHandler } from "hono";
import type { Caller } from "#/caller.ts";
import type { Engine } from "#/engine.ts";

/** What a host knows beside the request. One that only runs Next has no socket. */
export type Host = {
  /** The other end of the connection: a browser's address, or that of a proxy before this process. */
  address?: string | undefined;
};

/** What every handler is given: the request, the engine it is for and, where the table of routes asks for it, who is asking. */
export type HttpEnv = { Bindings: Host; Variables: { engine: Engine; caller: Caller } };

export type Context = HonoContext<HttpEnv>;

export type Middleware = MiddlewareHandler<HttpEnv>;
