import { NextResponse } from "next/server";
import { config as settings } from "#/config.ts";
import { paymentPagePolicy } from "#/content-security.ts";
import { oncepaid } from "#/oncepaid.ts";

/**
 * The one page that lets others in: Stripe's form comes from where this process talks to Stripe, which is only known
 * when it runs. Every other page's policy is in next.config.ts.
 */
export function proxy(): NextResponse {
  const response = NextResponse.next();
  const script = oncepaid().stripeScript();
  response.headers.set("content-security-policy", paymentPagePolicy(settings().development, script));
  response.headers.set(
    "permissions-policy",
    `camera=(), microphone=(), geolocation=(), payment=(self "${new URL(script).origin}")`,
  );
  return response;
}

export const config = { matcher: "/checkout/pay/:orderId*" };
