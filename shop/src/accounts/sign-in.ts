import { setTimeout as pause } from "node:timers/promises";
import { type Failure, failure } from "oncepaid/failure";
import { auth } from "#/accounts/auth.ts";
import { browserOf, rememberBrowser } from "#/accounts/browser.ts";
import { sessionOf } from "#/accounts/caller.ts";
import { takeCode } from "#/accounts/codes.ts";
import { forgetFormer, withFormerCookies } from "#/accounts/cookies.ts";
import { takeLink } from "#/accounts/links.ts";
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
  "That code is wrong or no longer good, or another browser asked for it. After three wrong tries, or ten minutes, ask for a new one.",
);
const LINK_REFUSED = failure(
  "invalid_code",
  "That link was used already or is no longer good. Ask for a code instead.",
);

/** Signs in with the code that this browser asked for. */
export async function signInWithCode(
  oncepaid: ShopOncepaid,
  headers: Headers,
  email: string,
  code: string,
): Promise<SignedIn | Failure> {
  const notBefore = pause(LEAST_REFUSAL_MS);
  const browser = browserOf(headers);
  if (browser !== undefined && (await takeCode({ browser, email }, code))) {
    return signIn(oncepaid, headers, email);
  }
  await notBefore;
  return REFUSED;
}

/** Signs in whose passkey has answered (passkeys.ts). */
export function signInWithPasskey(
  oncepaid: ShopOncepaid,
  headers: Headers,
  email: string,
): Promise<SignedIn> {
  return signIn(oncepaid, headers, email);
}

/** Signs in with the link of a receipt. */
export async function signInWithLink(
  oncepaid: ShopOncepaid,
  headers: Headers,
  link: string,
): Promise<SignedIn | Failure> {
  const email = await takeLink(link);
  return email === undefined ? LINK_REFUSED : signIn(oncepaid, headers, email);
}

/**
 * Signs in whoever has proven to read an address. What the browser's anonymous account bought, and what was paid under this address
 * elsewhere, belongs to the account before its cookie is handed out: if this dies half-way nobody is signed in, and the
 * next sign-in moves the rest.
 */
async function signIn(oncepaid: ShopOncepaid, headers: Headers, email: string): Promise<SignedIn> {
  const before = await oncepaid.caller(headers);
  const { response, headers: answered } = await (await auth()).api.signInProven({
    body: { email },
    headers,
    returnHeaders: true,
  });
  const { userId } = response;
  const isVisitor = "kind" in before && before.kind === "user" && before.email === null;
  const moved = isVisitor ? await moveVisitor(oncepaid, before.userId, userId) : 0;
  if (isVisitor) await endSessions(before.userId);
  const claimed = await claimOrdersOf(oncepaid, email, userId);
  log().info({ user: userId, moved, claimed }, "signed in");
  const setCookie = [...answered.getSetCookie(), ...forgetFormer(headers), rememberBrowser(email)];
  return { ok: true, email, setCookie };
}

/** No cookie of the account opens it any more, in any browser. */
async function endSessions(userId: string): Promise<void> {
  await database().db.deleteFrom("session").where("userId", "=", userId).execute();
}

/** Ends the session of this browser; the cookies that come back forget it. */
export async function signOut(headers: Headers): Promise<string[]> {
  const answered = await (await auth()).api.signOut({
    headers: withFormerCookies(headers),
    returnHeaders: true,
  });
  return [...answered.headers.getSetCookie(), ...forgetFormer(headers)];
}

/** Ends every session of whoever is signed in here, wherever it is. */
export async function signOutEverywhere(headers: Headers): Promise<string[]> {
  const found = await sessionOf(headers);
  if (found) await endSessions(found.user.id);
  return signOut(headers);
}
