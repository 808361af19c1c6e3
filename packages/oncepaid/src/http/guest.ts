import { hkdfSync } from "node:crypto";
import { parseSigned, serializeSigned } from "hono/utils/cookie";
import { v4 as uuidv4 } from "uuid";
import { VISITOR_PREFIX } from "#/caller.ts";
import type { Engine, Newcomer } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { secretOf, secretsOf } from "#/secret.ts";

/** Browsers keep no cookie longer than 400 days. Source: RFC 6265bis, section 5.5. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60;

const NO_ACCOUNT = failure("unauthenticated", "Sign in first.");

/** The guest whose cookie a browser sends; undefined where there is none, or one that was not signed here. */
export async function guestOf(engine: Engine, headers: Headers): Promise<string | undefined> {
  const cookies = headers.get("cookie");
  const name = cookieName(engine);
  if (!cookies?.includes(name)) return undefined;
  for (const secret of await secretsOf(engine)) {
    const { [name]: id } = await parseSigned(cookies, cookieKey(secret), name);
    if (id) return id;
  }
  return undefined;
}

/** Somebody new who may buy: by an account that the app makes, else as a guest. The cookies go back with the answer. */
export async function makeBuyer(engine: Engine, headers: Headers): Promise<Newcomer | Failure> {
  const { newcomer, guests } = engine.accounts;
  if (newcomer) return newcomer(headers);
  return guests ? makeGuest(engine) : NO_ACCOUNT;
}

async function makeGuest(engine: Engine): Promise<Newcomer> {
  const userId = `${VISITOR_PREFIX}${uuidv4()}`;
  const cookie = await serializeSigned(cookieName(engine), userId, cookieKey(await secretOf(engine)), {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: isHttps(engine),
    maxAge: COOKIE_SECONDS,
  });
  return { userId, setCookie: [cookie] };
}

/**
 * On https a name that browsers take only from this very host, and only as it is set here. Elsewhere cookies don't know ports: two
 * apps on one machine need names of their own.
 */
function cookieName(engine: Engine): string {
  if (isHttps(engine)) return "__Host-oncepaid_visitor";
  return `oncepaid_visitor_${new URL(engine.settings.appUrl).port || "web"}`;
}

function isHttps({ settings }: Engine): boolean {
  return settings.appUrl.startsWith("https:");
}

/** The secret signs other things too: what was signed for one of them must not pass for a cookie. */
function cookieKey(secret: string): ArrayBuffer {
  return hkdfSync("sha256", secret, "", "oncepaid visitor cookies", 32);
}
