import { createHash, timingSafeEqual } from "node:crypto";
import { type Caller, VISITOR_PREFIX } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { guestOf } from "#/http/guest.ts";
import { serverWith } from "#/keys/known.ts";

const NAMED_KEY = /^([a-z][\w-]{0,31}):(.+)$/i;
/** Characters that a key has where others can reach the app. */
const KEY_LENGTH = 32;

const FOREIGN_VISITOR = failure(
  "forbidden",
  `User ids that begin with ${VISITOR_PREFIX} are those of browsers without an account; the app's own may not.`,
);

/** Reads the API key, asks the app who it is, or reads a guest's cookie. A wrong API key is refused, never taken for a browser. */
export async function identify(engine: Engine, headers: Headers): Promise<Caller | Failure> {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const key = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    const server =
      key === undefined
        ? undefined
        : (serverOf(engine.settings.apiKeys, key) ?? (await serverWith(engine, key)));
    return server ? onBehalf(server, headers) : failure("unauthenticated", "That API key isn't known.");
  }
  const identity = await engine.accounts.identify(headers);
  if (!identity) return identifyGuest(engine, headers);
  const { userId, email, prefill, operator } = identity;
  if (userId.startsWith(VISITOR_PREFIX)) return FOREIGN_VISITOR;
  return {
    kind: "user",
    userId,
    email,
    prefill,
    isOperator: operator !== false,
    ...(typeof operator === "string" && { role: operator }),
  };
}

/** A person's name is no longer than an address may be. */
const LONGEST_NAME = 254;

/** The person for whom a server asks, as it says itself: `Oncepaid-By`, percent-encoded, because headers are written in English letters. */
function onBehalf(caller: Caller, headers: Headers): Caller | Failure {
  const named = headers.get("oncepaid-by");
  if (named === null || caller.kind !== "server") return caller;
  const onBehalfOf = decoded(named);
  return onBehalfOf !== undefined && onBehalfOf.length <= LONGEST_NAME && !/\p{Cc}/u.test(onBehalfOf)
    ? { ...caller, onBehalfOf }
    : NO_NAME;
}

const NO_NAME = failure(
  "invalid_request",
  `Oncepaid-By names a person in one line of at most ${LONGEST_NAME} characters, percent-encoded.`,
);

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

async function identifyGuest(engine: Engine, headers: Headers): Promise<Caller> {
  const userId = engine.accounts.guests ? await guestOf(engine, headers) : undefined;
  return userId === undefined
    ? { kind: "nobody" }
    : { kind: "user", userId, email: null, prefill: null, isOperator: false };
}

/** Compares in constant time, and every key every time, so that the time tells nothing. */
function serverOf(entries: readonly string[], key: string): Caller | undefined {
  const digest = sha256(key);
  const known = entries.filter((entry) => {
    const isWhole = timingSafeEqual(sha256(entry), digest);
    const isKeyAlone = timingSafeEqual(sha256(namedKey(entry)?.key ?? entry), digest);
    return isWhole || isKeyAlone;
  });
  const [entry] = known;
  if (entry === undefined) return undefined;
  const name = namedKey(entry)?.name;
  return name === undefined ? { kind: "server" } : { kind: "server", name };
}

/**
 * A key of `name:key` is one by itself, if it is long enough to be one: of an unnamed key that happens to have a colon, the
 * end alone must open nothing. Where even the whole is shorter, as on one's own machine, its key may be short too.
 */
function namedKey(entry: string): { name: string; key: string } | undefined {
  const [, name, key] = NAMED_KEY.exec(entry) ?? [];
  if (name === undefined || key === undefined) return undefined;
  return key.length >= KEY_LENGTH || entry.length < KEY_LENGTH ? { name, key } : undefined;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
