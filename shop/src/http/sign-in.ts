import { failure } from "oncepaid/failure";
import { type Context, emailAddress, endpoint, json, mayCheckOut, networkOfRequest } from "oncepaid/routes";
import { z } from "zod";
import { auth } from "#/accounts/auth.ts";
import { mailSignInCode } from "#/accounts/codes.ts";
import { countOne } from "#/accounts/rate-limit.ts";
import { signIn, signOut } from "#/accounts/sign-in.ts";
import { localeOf } from "#/locale.ts";
import { oncepaid } from "#/oncepaid.ts";

const TOO_MANY = failure(
  "too_many_requests",
  "Too many tries in a short time; wait an hour, or write to us.",
);

const success = json(z.object({ success: z.literal(true) }));

export const postSignInCode = endpoint({
  summary: "Mails a code to an address, whether it has an account or not",
  takes: {
    body: z.strictObject({ email: emailAddress, type: z.literal("sign-in").default("sign-in") }),
  },
  answers: success,
  handle: async (c, { body: { email } }) => {
    const allowed =
      (await countOne("code_from_network", networkOfRequest(oncepaid(), c))) &&
      (await countOne("code_to_address", email));
    if (!allowed) return TOO_MANY;
    const mailed = await mailSignInCode(oncepaid(), email, localeOf(c.req.raw.headers));
    return mailed.ok ? { success: true as const } : mailed;
  },
});

const signInRequest = z.strictObject({
  email: emailAddress,
  otp: z
    .string("Send the code as a text.")
    .trim()
    .regex(/^\d{6}$/, "The code is six digits."),
});

export const postSignIn = endpoint({
  summary: "Signs in with a code; the session is a cookie",
  takes: { body: signInRequest },
  answers: json(z.object({ user: z.object({ email: z.string() }) })),
  handle: async (c, { body: { email, otp } }) => {
    const allowed =
      (await countOne("try_from_network", networkOfRequest(oncepaid(), c))) &&
      (await countOne("try_for_address", email));
    if (!allowed) return TOO_MANY;
    const signedIn = await signIn(oncepaid(), c.req.raw.headers, email, otp);
    if (!signedIn.ok) return signedIn;
    setCookies(c, signedIn.setCookie);
    return { user: { email: signedIn.email } };
  },
});

export const postSignOut = endpoint({
  summary: "Ends the session of this browser",
  answers: success,
  handle: async (c) => {
    const { setCookie } = await signOut(c.req.raw.headers);
    setCookies(c, setCookie);
    return { success: true as const };
  },
});

const user = z.looseObject({ id: z.string() });

export const postVisitor = endpoint({
  summary: "Makes a visitor's account, as the first checkout makes it too; the session is a cookie",
  answers: json(z.object({ token: z.string(), user })),
  handle: async (c) => ((await mayCheckOut(oncepaid(), c)) ? auth().handler(c.req.raw) : TOO_MANY),
});

export const getSession = endpoint({
  summary: "The session of this browser as better-auth tells it, or null",
  answers: json(z.object({ session: z.looseObject({}), user })),
  handle: (c) => auth().handler(c.req.raw),
});

const me = z.object({
  email: z.string().nullable().describe("The address of who is signed in here."),
  isAdmin: z.boolean(),
  signInToSee: z
    .boolean()
    .describe("What this browser bought as a visitor belongs to an account it isn't signed in to."),
});

export const getMe = endpoint({
  summary: "Who is signed in here, and whether to sign in to see what was bought here",
  answers: json(me),
  handle: async (c) => {
    const { caller } = c.var;
    if (caller.kind !== "user") return { email: null, isAdmin: false, signInToSee: false };
    const { email, isOperator, userId } = caller;
    const signInToSee = email === null && (await oncepaid().owners.hasMoved(userId));
    return { email, isAdmin: isOperator, signInToSee };
  },
});

function setCookies(c: Context, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header("set-cookie", cookie, { append: true });
}
