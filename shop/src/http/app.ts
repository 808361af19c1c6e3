import { Hono } from "hono";
import type { Engine } from "oncepaid/engine.ts";
import { apiOf } from "oncepaid/http/app.ts";
import { limitBody } from "oncepaid/http/body-limit.ts";
import type { HttpEnv } from "oncepaid/http/context.ts";
import { getCalendar } from "#/http/calendar.ts";
import { getHealth } from "#/http/health.ts";
import { showRefusal } from "#/http/refused-page.ts";
import { getMe, getSession, postSignIn, postSignInCode, postSignOut, postVisitor } from "#/http/sign-in.ts";

/** The shop's API: the engine's, with the accounts of the shop beside it. */
export function shopApi(engine: Engine): Hono<HttpEnv> {
  const own = new Hono<HttpEnv>();
  own.get("/health", getHealth);
  own.get("/me", getMe);
  own.get("/bookings/:file{.+\\.ics}", getCalendar);
  own.post("/auth/email-otp/send-verification-otp", limitBody, postSignInCode);
  own.post("/auth/sign-in/email-otp", limitBody, postSignIn);
  own.post("/auth/sign-out", limitBody, postSignOut);
  own.post("/auth/sign-in/anonymous", limitBody, postVisitor);
  own.get("/auth/get-session", getSession);
  own.use("/downloads/*", showRefusal);
  own.use("/files/*", showRefusal);
  return apiOf(engine, "/api", own);
}
