import type { AppUser, Newcomer } from "oncepaid";
import { auth } from "#/accounts/auth.ts";
import { config } from "#/config.ts";

/**
 * The shop's accounts, as its engine asks for them: who has the session of a cookie. A visitor is a user with an anonymous account,
 * which has no address; an address is told only where the user has proven to read its mail.
 */
export async function identify({ headers }: Request): Promise<AppUser | null> {
  if (!headers.has("cookie")) return null;
  const session = await auth().api.getSession({ headers });
  if (!session) return null;
  const { user } = session;
  const email = user.emailVerified ? user.email : null;
  return {
    userId: user.id,
    email,
    emailVerified: user.emailVerified,
    operator: email !== null && config().adminEmails.includes(email),
  };
}

/** Gives a visitor an anonymous account; the headers carry its cookie. */
export async function newcomer({ headers }: Request): Promise<Newcomer> {
  const answer = await auth().api.signInAnonymous({ headers, returnHeaders: true });
  if (!answer.response) throw new Error("better-auth made no anonymous account.");
  return { userId: answer.response.user.id, setCookie: answer.headers.getSetCookie() };
}
