import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { config as settings } from "#/config.ts";
import { contentSecurityPolicy, paymentPagePolicy } from "#/content-security.ts";
import { oncepaid } from "#/oncepaid.ts";

const NONCE_BYTES = 16;

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
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  const payment = script ? `(self "${new URL(script).origin}")` : "()";
  response.headers.set("permissions-policy", `camera=(), microphone=(), geolocation=(), payment=${payment}`);
  return response;
}

/** Every page; files of the build, of shop/public and the API are none. */
export const config = { matcher: "/((?!_next/|api/|pictures/|previews/|fonts/|icon.svg$).*)" };
