import type { MiddlewareHandler } from "hono";

/** Another site's page must not be able to turn the knobs of a sandbox that runs on its visitor's machine. */
export const sameSite: MiddlewareHandler = async (context, next) => {
  const origin = context.req.header("origin");
  if (origin !== undefined && new URL(context.req.url).host !== URL.parse(origin)?.host) {
    return context.json({ error: "The control API can't be called from another site." }, 403);
  }
  return next();
};
