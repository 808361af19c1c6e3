import { createHmac, timingSafeEqual } from "node:crypto";
import { parse, serialize } from "hono/utils/cookie";
import { config } from "#/config.ts";

/**
 * The names of the shop's cookies. On https a name that browsers take only from this very host and only over https. Elsewhere the port
 * stands in it, because cookies don't know ports: two shops on one machine need names of their own.
 */
export function cookiePrefix(): string {
  return (isHttps() ? "__Host-" : "") + ownName();
}

/** What a browser sends under one of these names. */
export function readCookie(headers: Headers, name: string): string | undefined {
  const full = `${cookiePrefix()}.${name}`;
  return parse(headers.get("cookie") ?? "", full)[full];
}

/** A `set-cookie` line that scripts and other sites don't get to see. */
export function writeCookie(name: string, value: string, maxAgeSeconds: number): string {
  return serialize(`${cookiePrefix()}.${name}`, value, {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: isHttps(),
    maxAge: maxAgeSeconds,
  });
}

export function isHttps(): boolean {
  return config().appUrl.startsWith("https:");
}

function ownName(): string {
  return `oncepaid-${new URL(config().appUrl).port || "web"}`;
}

/** How names began on https in older versions. Their sessions end by themselves within 90 days. */
const FORMER_PREFIX = "__Secure-";

/**
 * The headers with the session's cookie as it would be set today, where it was set by an older version or signed with a former secret:
 * who was signed in stays so.
 */
export function withFormerCookies(headers: Headers): Headers {
  const cookies = parse(headers.get("cookie") ?? "");
  const name = `${cookiePrefix()}.session_token`;
  const former = `${FORMER_PREFIX}${ownName()}.session_token`;
  const session = cookies[name] ?? (isHttps() ? cookies[former] : undefined);
  const signed = session === undefined ? undefined : signedAnew(session);
  if (signed === undefined || signed === cookies[name]) return headers;
  const others = Object.entries(cookies).filter(([other]) => other !== name && other !== former);
  const renewed = new Headers(headers);
  renewed.set(
    "cookie",
    [...others, [name, signed]].map(([key, value]) => `${key}=${encodeURIComponent(value ?? "")}`).join("; "),
  );
  return renewed;
}

/** `<value>.<signature>`, as better-auth writes it: the signature is HMAC-SHA256 in base64. */
function signedAnew(cookie: string): string {
  const end = cookie.lastIndexOf(".");
  const [value, signature] = [cookie.slice(0, end), cookie.slice(end + 1)];
  const { authSecret, formerAuthSecrets } = config();
  const isFormer = formerAuthSecrets.some((secret) => isSame(signature, signatureOf(value, secret)));
  return isFormer ? `${value}.${signatureOf(value, authSecret)}` : cookie;
}

function signatureOf(value: string, secret: string): string {
  return createHmac("sha256", secret).update(value).digest("base64");
}

/** Compares two texts in a time that doesn't tell where they differ. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Lines that make a browser forget the session of an older version. */
export function forgetFormer(headers: Headers): string[] {
  const name = `${FORMER_PREFIX}${ownName()}.session_token`;
  if (!headers.get("cookie")?.includes(`${name}=`)) return [];
  return [serialize(name, "", { path: "/", httpOnly: true, sameSite: "Lax", secure: true, maxAge: 0 })];
}
