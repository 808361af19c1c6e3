import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { config as settings } from "#/config.ts";
import { contentSecurityPolicy, paymentPagePolicy } from "#/content-security.ts";
import { LANGUAGE_HEADER, LANGUAGE_PARAMETER, LOCALE_COOKIE, LOCALES, type Locale } from "#/locale.ts";
import { oncepaid } from "#/oncepaid.ts";

const NONCE_BYTES = 16;
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * The policy of each page, with a nonce of its own: Next reads it from the request and writes it on its scripts. One page lets others
 * in: Stripe's form comes from where this process talks to Stripe, which is only known when it runs.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = randomBytes(NONCE_BYTES).toString("base64");
  const { development } = settings();
  const isPaymentPage = request.nextUrl.pathname.startsWith("/checkout/pay/");
  const script = isPaymentPage ? oncepaid().stripeScript() : undefined;
  const policy = script
    ? paymentPagePolicy(development, nonce, script)
    : contentSecurityPolicy(development, nonce);
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  const language = languageAskedFor(request);
  // The first of two cookies of one name counts (locale.ts).
  if (language) headers.set("cookie", `${LOCALE_COOKIE}=${language}; ${headers.get("cookie") ?? ""}`);
  if (language) headers.set(LANGUAGE_HEADER, language);
  else headers.delete(LANGUAGE_HEADER);
  const response = NextResponse.next({ request: { headers } });
  if (language) response.cookies.set(LOCALE_COOKIE, language, { maxAge: YEAR_SECONDS, sameSite: "lax" });
  response.headers.set("content-security-policy", policy);
  const payment = script ? `(self "${new URL(script).origin}")` : "()";
  response.headers.set("permissions-policy", `camera=(), microphone=(), geolocation=(), payment=${payment}`);
  return response;
}

function languageAskedFor({ nextUrl }: NextRequest): Locale | undefined {
  const asked = nextUrl.searchParams.get(LANGUAGE_PARAMETER);
  return LOCALES.find((locale) => locale === asked);
}

/** Every page; files of the build, of shop/public and the API are none. */
export const config = { matcher: "/((?!_next/|api/|pictures/|previews/|fonts/|icon.svg$).*)" };
