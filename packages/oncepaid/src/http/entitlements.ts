import { failure } from "#/failure.ts";
import { answerFailure } from "#/http/answer.ts";
import { identify } from "#/http/caller.ts";
import type { Context } from "#/http/context.ts";
import { entitlementsOf } from "#/purchases/entitlements.ts";
import { explainAccess } from "#/purchases/explain.ts";

/** The caller's own entitlements, or with an API key (or as admin) those of `?userId=`. */
export async function getEntitlements(c: Context): Promise<Response> {
  const caller = await identify(c.var.engine, c.req.raw.headers);
  if ("ok" in caller) return answerFailure(c, caller);
  if (caller.kind === "nobody") {
    return answerFailure(c, failure("unauthenticated", "Sign in, or send an API key, to see entitlements."));
  }
  const asked = c.req.query("userId");
  if (caller.kind === "server") {
    if (!asked)
      return answerFailure(c, failure("invalid_request", "Name the user: /api/entitlements?userId=…"));
    return answer(c, asked);
  }
  if (asked && asked !== caller.userId && !caller.isOperator) {
    return answerFailure(c, failure("forbidden", "Another user's entitlements need an API key."));
  }
  return answer(c, asked ?? caller.userId);
}

/** `?userId=&productKey=`: why, or why not. For an API key or an admin. */
export async function getExplanation(c: Context): Promise<Response> {
  const caller = await identify(c.var.engine, c.req.raw.headers);
  if ("ok" in caller) return answerFailure(c, caller);
  if (caller.kind === "nobody") return answerFailure(c, failure("unauthenticated", "This needs an API key."));
  if (caller.kind === "user" && !caller.isOperator) {
    return answerFailure(c, failure("forbidden", "This needs an API key or an admin."));
  }
  const userId = c.req.query("userId");
  const productKey = c.req.query("productKey");
  if (!userId || !productKey) {
    return answerFailure(c, failure("invalid_request", "Name both: ?userId=…&productKey=…"));
  }
  c.header("cache-control", "no-store");
  return c.json(await explainAccess(c.var.engine, userId, productKey));
}

async function answer(c: Context, userId: string): Promise<Response> {
  c.header("cache-control", "no-store");
  return c.json({ entitlements: await entitlementsOf(c.var.engine, userId) });
}
