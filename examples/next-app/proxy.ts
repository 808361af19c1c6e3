import { type NextRequest, NextResponse } from "next/server";

/** Where the engine runs beside this app, browsers and Stripe reach it through this app's own address. */
export function proxy({ nextUrl: { pathname, search } }: NextRequest): NextResponse {
  const { ONCEPAID_URL } = process.env;
  return ONCEPAID_URL ? NextResponse.rewrite(new URL(pathname + search, ONCEPAID_URL)) : NextResponse.next();
}

export const config = { matcher: "/api/oncepaid/:path*" };
