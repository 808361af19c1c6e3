import type { MiddlewareHandler } from "hono";

/** Names by which only this machine can be meant. */
export const isLoopback = (hostname: string) =>
  hostname === "localhost" ||
  hostname.endsWith(".localhost") ||
  hostname === "[::1]" ||
  hostname === "::1" ||
  /^127\.\d+\.\d+\.\d+$/.test(hostname);

/**
 * A foreign page can give this machine's address a name of its own and would then be of the same origin as the sandbox.
 * So a sandbox that only this machine can reach is only answered by this machine's own names.
 */
export const onlyLoopback: MiddlewareHandler = async (context, next) => {
  if (isLoopback(new URL(context.req.url).hostname)) return next();
  const message = "This sandbox answers only to localhost. Start it with --host to reach it by another name.";
  return context.json({ error: { type: "invalid_request_error", message } }, 403);
};
