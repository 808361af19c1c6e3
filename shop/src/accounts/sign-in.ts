import { setTimeout as pause } from "node:timers/promises";
import { APIError } from "better-auth/api";
import { database } from "oncepaid/database/database.ts";
import { type Failure, failure } from "oncepaid/failure.ts";
import { log } from "oncepaid/log.ts";
import { claimOrdersOf, moveOrders } from "oncepaid/purchases/ownership.ts";
import { auth } from "#/accounts/auth.ts";
import { identify } from "#/accounts/caller.ts";

export type SignedIn = { ok: true; email: string; setCookie: string[] };

/** Milliseconds a refusal takes at least, so that its time doesn't tell whether a code was waiting. */
const LEAST_REFUSAL = 200;

/** One answer for a wrong, used, expired or unknown code: which it is would tell whom a code was sent to. */
const REFUSED = failure(
  "invalid_code",
  "That code is wrong or no longer good. After three wrong tries, or ten minutes, ask for a new one.",
);

/**
 * Signs in with a code. What the browser's anonymous account bought, and what was paid under this address elsewhere,
 * belongs to the account before its cookie is handed out: if this dies half-way nobody is signed in, and the
 * next sign-in moves the rest.
 */
export async function signIn(headers: Headers, email: string, code: string): Promise<SignedIn | Failure> {
  const before = await identify(headers);
  const proven = await tryCode(headers, email, code);
  if (!proven) return REFUSED;
  const { userId, setCookie } = proven;
  const isVisitor = "kind" in before && before.kind === "user" && before.email === null;
  const moved = isVisitor ? await moveOrders(before.userId, userId) : 0;
  if (isVisitor) await endSessions(before.userId);
  const claimed = await claimOrdersOf(email, userId);
  log().info({ user: userId, moved, claimed }, "signed in");
  return { ok: true, email, setCookie };
}

async function tryCode(headers: Headers, email: string, code: string) {
  const notBefore = pause(LEAST_REFUSAL);
  try {
    const { response, headers: answered } = await auth().api.signInEmailOTP({
      body: { email, otp: code },
      headers,
      returnHeaders: true,
    });
    return { userId: response.user.id, setCookie: answered.getSetCookie() };
  } catch (error) {
    if (!(error instanceof APIError) || error.statusCode >= 500) throw error;
    await notBefore;
    return undefined;
  }
}

/** A visitor who became somebody is nobody's visitor any more, wherever that cookie is. */
async function endSessions(userId: string): Promise<void> {
  await database().db.deleteFrom("session").where("userId", "=", userId).execute();
}

/** Ends the session of this browser; the cookies that come back forget it. */
export async function signOut(headers: Headers): Promise<{ setCookie: string[] }> {
  const answered = await auth().api.signOut({ headers, returnHeaders: true });
  return { setCookie: answered.headers.getSetCookie() };
}
