import { createHash, timingSafeEqual } from "node:crypto";
import type { Caller } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";

/** Reads the API key or asks the app who it is. A wrong API key is refused, never taken for a browser. */
export async function identify(engine: Engine, headers: Headers): Promise<Caller | Failure> {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const key = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    if (key !== undefined && isApiKey(engine.settings.apiKeys, key)) return { kind: "server" };
    return failure("unauthenticated", "That API key isn't known.");
  }
  const identity = await engine.accounts.identify(headers);
  if (!identity) return { kind: "nobody" };
  const { userId, email, operator } = identity;
  return { kind: "user", userId, email, isOperator: operator };
}

/** Compares in constant time, and every key every time, so that the time tells nothing. */
function isApiKey(keys: readonly string[], key: string): boolean {
  const digest = sha256(key);
  return keys.reduce((known, candidate) => timingSafeEqual(sha256(candidate), digest) || known, false);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
