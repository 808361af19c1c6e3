import { type Failure, failure } from "#/failure.ts";
import { identify } from "#/http/caller.ts";
import type { Context } from "#/http/context.ts";
import { checkOrigin } from "#/http/origin.ts";

/** An admin in the browser, or a server with an API key. */
export async function identifyOperator(c: Context): Promise<{ ok: true; name: string } | Failure> {
  const headers = c.req.raw.headers;
  const caller = await identify(c.var.engine, headers);
  if ("ok" in caller) return caller;
  if (caller.kind === "server") return { ok: true, name: "an API key" };
  if (caller.kind !== "user" || !caller.isOperator) return failure("forbidden", "Only an admin may do this.");
  const foreign = c.req.method === "GET" ? undefined : checkOrigin(c.var.engine, headers);
  return foreign ?? { ok: true, name: caller.userId };
}
