import type { Accounts, Identity } from "oncepaid/engine.ts";
import { auth } from "#/accounts/auth.ts";
import { config } from "#/config.ts";

/**
 * The shop's accounts, as its engine asks for them. A visitor is a user with an anonymous account, which has no address; an
 * address is told only where the user has proven to read its mail.
 */
export const accounts: Accounts = { identify, newcomer, guests: false };

/** Reads the session cookie. */
async function identify(headers: Headers): Promise<Identity | null> {
  if (!headers.has("cookie")) return null;
  const session = await auth().api.getSession({ headers });
  if (!session) return null;
  const { user } = session;
  const email = user.emailVerified ? user.email : null;
  return {
    userId: user.id,
    email,
    prefill: email,
    operator: email !== null && config().adminEmails.includes(email),
  };
}

/** Gives a visitor an anonymous account; the headers carry its cookie. */
async function newcomer(headers: Headers): Promise<{ userId: string; setCookie: string[] }> {
  const answer = await auth().api.signInAnonymous({ headers, returnHeaders: true });
  if (!answer.response) throw new Error("better-auth made no anonymous account.");
  return { userId: answer.response.user.id, setCookie: answer.headers.getSetCookie() };
}
