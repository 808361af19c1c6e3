import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { isSame, readCookie, writeCookie } from "#/accounts/cookies.ts";
import { config } from "#/config.ts";

/** What tells one browser from all others while it signs in, without an account. */

const MARK = /^[\w-]{43}$/;
const MARK_BYTES = 32;
const MARK_SECONDS = 60 * 60;
/** Browsers keep no cookie longer. Source: RFC 6265bis, section 5.5. */
const KNOWN_SECONDS = 400 * 24 * 60 * 60;

/** What a browser's codes are kept under; undefined where it has asked for none. */
export function browserOf(headers: Headers): string | undefined {
  const mark = readCookie(headers, "asked");
  return mark !== undefined && MARK.test(mark) ? hashOf(mark) : undefined;
}

/** The same for a browser that asks for a code: it keeps the mark it has, or gets one. */
export function markBrowser(headers: Headers): { browser: string; setCookie: string } {
  const sent = readCookie(headers, "asked") ?? "";
  const mark = MARK.test(sent) ? sent : randomBytes(MARK_BYTES).toString("base64url");
  return { browser: hashOf(mark), setCookie: writeCookie("asked", mark, MARK_SECONDS) };
}

/**
 * Remembers that somebody signed in with this address in this browser. There, codes are counted apart, so that nobody elsewhere can use
 * up what this address may ask for (rate-limit.ts).
 */
export function rememberBrowser(email: string): string {
  const nonce = randomBytes(MARK_BYTES).toString("base64url");
  return writeCookie("known", `${nonce}.${signature(nonce, email)}`, KNOWN_SECONDS);
}

/** What to count a browser under that signed in with this address before. */
export function knownBrowser(headers: Headers, email: string): string | undefined {
  const [nonce = "", signed = ""] = (readCookie(headers, "known") ?? "").split(".");
  const { authSecret, formerAuthSecrets } = config();
  const isKnown = [authSecret, ...formerAuthSecrets].some((secret) =>
    isSame(signed, signature(nonce, email, secret)),
  );
  return isKnown ? nonce : undefined;
}

function signature(nonce: string, email: string, secret = config().authSecret): string {
  const key = hkdfSync("sha256", secret, "", "known browsers", 32);
  return createHmac("sha256", Buffer.from(key)).update(`${nonce} ${email}`).digest("base64url");
}

function hashOf(mark: string): string {
  return createHash("sha256").update(mark).digest("base64url");
}
