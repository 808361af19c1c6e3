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

/** The headers with cookies of an older version under the names of today, where there are none of today: who was signed in stays so. */
export function withFormerCookies(headers: Headers): Headers {
  const sent = headers.get("cookie") ?? "";
  const former = `${FORMER_PREFIX}${ownName()}.`;
  if (!isHttps() || !sent.includes(former) || sent.includes(`${cookiePrefix()}.session_token=`))
    return headers;
  const renamed = new Headers(headers);
  renamed.set("cookie", sent.replaceAll(former, `${cookiePrefix()}.`));
  return renamed;
}

/** Lines that make a browser forget the session of an older version. */
export function forgetFormer(headers: Headers): string[] {
  const name = `${FORMER_PREFIX}${ownName()}.session_token`;
  if (!headers.get("cookie")?.includes(`${name}=`)) return [];
  return [serialize(name, "", { path: "/", httpOnly: true, sameSite: "Lax", secure: true, maxAge: 0 })];
}
