import type { AppUser, Newcomer } from "oncepaid";
import { auth } from "#/accounts/auth.ts";
import { withFormerCookies } from "#/accounts/cookies.ts";
import { OPERATOR_SESSION_SECONDS, roleOf } from "#/accounts/operators.ts";

/**
 * The shop's accounts, as its engine asks for them: who has the session of a cookie. A visitor is a user with an anonymous account,
 * which has no address; an address is told only where the user has proven to read its mail.
 */
export async function identify({ headers }: Request): Promise<AppUser | null> {
  const found = await sessionOf(headers);
  if (!found) return null;
  const { user } = found;
  const email = user.emailVerified ? user.email : null;
  return {
    userId: user.id,
    email,
    emailVerified: user.emailVerified,
    operator: email === null ? false : ((await roleOf(email)) ?? false),
  };
}

/** The session of a browser. An operator's is over after a day, also where they became one only since it began. */
export async function sessionOf(headers: Headers) {
  if (!headers.has("cookie")) return null;
  const found = await (await auth()).api.getSession({ headers: withFormerCookies(headers) });
  if (!found) return null;
  const { user, session } = found;
  const ageMs = Date.now() - session.createdAt.getTime();
  if (!user.emailVerified || ageMs <= OPERATOR_SESSION_SECONDS * 1000) return found;
  return (await roleOf(user.email)) === undefined ? found : null;
}

/** Gives a visitor an anonymous account; the headers carry its cookie. */
export async function newcomer(request: Request): Promise<Newcomer> {
  const { user, setCookie } = await makeVisitor(request.headers);
  return { userId: user.id, setCookie };
}

export async function makeVisitor(headers: Headers) {
  const made = await (await auth()).api.signInAnonymous({ headers, returnHeaders: true });
  if (!made.response) throw new Error("better-auth made no anonymous account.");
  return { ...made.response, setCookie: made.headers.getSetCookie() };
}
