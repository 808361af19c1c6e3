import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { RateLimiterMemory } from "rate-limiter-flexible";
import type { Caller } from "#/accounts/caller.ts";

/**
 * Checkouts a browser may start in a minute: far more than a person can, far fewer than a script that fills the
 * tables would. Counted per process; Stripe's own limits stand behind it.
 */
const checkouts = new RateLimiterMemory({ points: 300, duration: 60 });

/** Counts one checkout of a visitor by account, of a newcomer by address. */
export async function mayCheckOut(c: Context<{ Bindings: HttpBindings }>, caller: Caller): Promise<boolean> {
  const key = caller.kind === "user" ? `user:${caller.userId}` : `address:${addressOf(c)}`;
  try {
    await checkouts.consume(key);
    return true;
  } catch {
    return false;
  }
}

/** The socket's address where we own the socket; on a host that only runs Next, what that host says it was. */
function addressOf(c: Context<{ Bindings: HttpBindings }>): string {
  const address = c.env?.incoming?.socket.remoteAddress;
  return address ?? c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "unknown";
}
