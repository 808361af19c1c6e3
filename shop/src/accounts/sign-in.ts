import { setTimeout as pause } from "node:timers/promises";
import { APIError } from "better-auth/api";
import { type Failure, failure } from "oncepaid/failure";
import { auth } from "#/accounts/auth.ts";
import { claimOrdersOf, moveVisitor } from "#/accounts/ownership.ts";
import type { ShopOncepaid } from "#/catalog/products.ts";
import { database } from "#/database.ts";
import { log } from "#/log.ts";

export type SignedIn = { ok: true; email: string; setCookie: string[] };

/** A refusal takes at least this long, so that its time doesn't tell whether a code was waiting. */
const LEAST_REFUSAL_MS = 200;

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
export async function signIn(
  oncepaid: ShopOncepaid,
  headers: Headers,
  email: string,
  code: string,
): Promise<SignedIn | Failure> {
  const before = await oncepaid.caller(headers);
  const proven = await tryCode(headers, email, code);
  if (!proven) return REFUSED;
  const { userId, setCookie } = proven;
  const isVisitor = "kind" in before && before.kind === "user" && before.email === null;
  const moved = isVisitor ? await moveVisitor(oncepaid, before.userId, userId) : 0;
  if (isVisitor) await endSessions(before.userId);
  const claimed = await claimOrdersOf(oncepaid, email, userId);
  log().info({ user: userId, moved, claimed }, "signed in");
  return { ok: true, email, setCookie };
}

async function tryCode(headers: Headers, email: string, code: string) {
  const notBefore = pause(LEAST_REFUSAL_MS);
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

/** The anonymous account is used up: its cookie must not open it again, in any browser. */
async function endSessions(userId: string): Promise<void> {
  await database().db.deleteFrom("session").where("userId", "=", userId).execute();
}

/** Ends the session of this browser; the cookies that come back forget it. */
export async function signOut(headers: Headers): Promise<{ setCookie: string[] }> {
  const answered = await auth().api.signOut({ headers, returnHeaders: true });
  return { setCookie: answered.headers.getSetCookie() };
}
