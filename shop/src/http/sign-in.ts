import { failure } from "oncepaid/failure.ts";
import { answerFailure } from "oncepaid/http/answer.ts";
import { readBody } from "oncepaid/http/body.ts";
import { identify } from "oncepaid/http/caller.ts";
import type { Context } from "oncepaid/http/context.ts";
import { emailAddress } from "oncepaid/http/email.ts";
import { checkOrigin } from "oncepaid/http/origin.ts";
import { mayCheckOut, networkOfRequest } from "oncepaid/http/rate-limit.ts";
import { hasMovedOrders } from "oncepaid/purchases/move.ts";
import { z } from "zod";
import { auth } from "#/accounts/auth.ts";
import { mailSignInCode } from "#/accounts/codes.ts";
import { countOne } from "#/accounts/rate-limit.ts";
import { signIn, signOut } from "#/accounts/sign-in.ts";
import { localeOf } from "#/locale.ts";

const TOO_MANY = failure(
  "too_many_requests",
  "Too many tries in a short time; wait an hour, or write to us.",
);

const codeRequest = z.strictObject({ email: emailAddress, type: z.literal("sign-in").default("sign-in") });

/** `{ email }` → `{ success: true }`, and a code in the mail, whether that address has an account or not. */
export async function postSignInCode(c: Context): Promise<Response> {
  const foreign = checkOrigin(c.var.engine, c.req.raw.headers);
  if (foreign) return answerFailure(c, foreign);
  const body = await readBody(c, codeRequest);
  if (!body.ok) return answerFailure(c, body);
  const { email } = body.data;
  const allowed =
    (await countOne("code_from_network", networkOfRequest(c))) && (await countOne("code_to_address", email));
  if (!allowed) return answerFailure(c, TOO_MANY);
  const mailed = await mailSignInCode(c.var.engine, email, localeOf(c.req.raw.headers));
  return mailed.ok ? c.json({ success: true }) : answerFailure(c, mailed);
}

const signInRequest = z.strictObject({
  email: emailAddress,
  otp: z
    .string("Send the code as a text.")
    .trim()
    .regex(/^\d{6}$/, "The code is six digits."),
});

/** `{ email, otp }` → `{ user: { email } }` and the session's cookie. */
export async function postSignIn(c: Context): Promise<Response> {
  const foreign = checkOrigin(c.var.engine, c.req.raw.headers);
  if (foreign) return answerFailure(c, foreign);
  const body = await readBody(c, signInRequest);
  if (!body.ok) return answerFailure(c, body);
  const { email, otp } = body.data;
  const allowed =
    (await countOne("try_from_network", networkOfRequest(c))) && (await countOne("try_for_address", email));
  if (!allowed) return answerFailure(c, TOO_MANY);
  const signedIn = await signIn(c.var.engine, c.req.raw.headers, email, otp);
  if (!signedIn.ok) return answerFailure(c, signedIn);
  for (const cookie of signedIn.setCookie) c.header("set-cookie", cookie, { append: true });
  return c.json({ user: { email: signedIn.email } });
}

export async function postSignOut(c: Context): Promise<Response> {
  const foreign = checkOrigin(c.var.engine, c.req.raw.headers);
  if (foreign) return answerFailure(c, foreign);
  const { setCookie } = await signOut(c.req.raw.headers);
  for (const cookie of setCookie) c.header("set-cookie", cookie, { append: true });
  return c.json({ success: true });
}

/** A visitor's account, as the first checkout makes it too. → `{ token, user }` and the session's cookie. */
export async function postVisitor(c: Context): Promise<Response> {
  const foreign = checkOrigin(c.var.engine, c.req.raw.headers);
  if (foreign) return answerFailure(c, foreign);
  const caller = await identify(c.var.engine, c.req.raw.headers);
  if ("ok" in caller) return answerFailure(c, caller);
  if (!(await mayCheckOut(c, caller))) return answerFailure(c, TOO_MANY);
  return auth().handler(c.req.raw);
}

/** → `{ session, user }` as better-auth tells it, or null. */
export function getSession(c: Context): Promise<Response> {
  return auth().handler(c.req.raw);
}

/**
 * → `{ email, isAdmin, signInToSee }`: the address of who is signed in here, or null; `signInToSee` when what this
 * browser bought as a visitor now belongs to an account it isn't signed in to.
 */
export async function getMe(c: Context): Promise<Response> {
  const caller = await identify(c.var.engine, c.req.raw.headers);
  if ("ok" in caller) return answerFailure(c, caller);
  c.header("cache-control", "no-store");
  if (caller.kind !== "user") return c.json({ email: null, isAdmin: false, signInToSee: false });
  const { email, isOperator, userId } = caller;
  return c.json({
    email,
    isAdmin: isOperator,
    signInToSee: email === null && (await hasMovedOrders(c.var.engine, userId)),
  });
}
