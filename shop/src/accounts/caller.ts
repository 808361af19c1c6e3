import { createHash, timingSafeEqual } from "node:crypto";
import { type Failure, failure } from "oncepaid/failure.ts";
import { auth } from "#/accounts/auth.ts";
import { config } from "#/config.ts";

/**
 * Who is asking. Nobody has no account yet; a visitor is a user with an anonymous account, and `email` is null; a user
 * who signed in has proven to read the mail of `email`, which is in lower case.
 */
export type Caller =
  | { kind: "nobody" }
  | { kind: "user"; userId: string; email: string | null; isAdmin: boolean }
  | { kind: "server" };

/** Reads the API key or the session cookie. A wrong API key is refused, never taken for a browser. */
export async function identify(headers: Headers): Promise<Caller | Failure> {
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const key = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    if (key !== undefined && isApiKey(key)) return { kind: "server" };
    return failure("unauthenticated", "That API key isn't known.");
  }
  if (!headers.has("cookie")) return { kind: "nobody" };
  const session = await auth().api.getSession({ headers });
  if (!session) return { kind: "nobody" };
  const { user } = session;
  const email = user.emailVerified ? user.email : null;
  const isAdmin = email !== null && config().adminEmails.includes(email);
  return { kind: "user", userId: user.id, email, isAdmin };
}

/** What a user owns is shown to the user, an admin and a server; to everybody else it doesn't exist. */
export function maySee(caller: Caller, ownerId: string): boolean {
  if (caller.kind === "server") return true;
  return caller.kind === "user" && (caller.isAdmin || caller.userId === ownerId);
}

/** Gives a visitor an anonymous account; the headers carry its cookie. */
export async function createVisitor(headers: Headers): Promise<{ userId: string; setCookie: string[] }> {
  const answer = await auth().api.signInAnonymous({ headers, returnHeaders: true });
  if (!answer.response) throw new Error("better-auth made no anonymous account.");
  return { userId: answer.response.user.id, setCookie: answer.headers.getSetCookie() };
}

/** Compares in constant time, and every key every time, so that the time tells nothing. */
function isApiKey(key: string): boolean {
  const digest = sha256(key);
  return config().apiKeys.reduce(
    (known, candidate) => timingSafeEqual(sha256(candidate), digest) || known,
    false,
  );
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
