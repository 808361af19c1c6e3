import { failure } from "oncepaid/failure";
import { type Context, emailAddress, endpoint, json, mayCheckOut, networkOfRequest } from "oncepaid/routes";
import { z } from "zod";
import { knownBrowser, markBrowser } from "#/accounts/browser.ts";
import { makeVisitor, sessionOf } from "#/accounts/caller.ts";
import { CODE_DIGITS } from "#/accounts/code-digits.ts";
import { mailSignInCode } from "#/accounts/codes.ts";
import { type From, mayAskForCode, mayTry } from "#/accounts/rate-limit.ts";
import { signInWithCode, signInWithLink, signOut, signOutEverywhere } from "#/accounts/sign-in.ts";
import { localeOf } from "#/locale.ts";
import { oncepaid } from "#/oncepaid.ts";

const TOO_MANY = failure(
  "too_many_requests",
  "Too many tries in a short time; wait an hour, or write to us.",
);

const VISITOR_ALREADY = failure("invalid_request", "This browser has a visitor's account already.");

const success = json(z.object({ success: z.literal(true) }));

export const postSignInCode = endpoint({
  summary: "Mails a code to an address, whether it has an account or not",
  takes: {
    body: z.strictObject({ email: emailAddress, type: z.literal("sign-in").default("sign-in") }),
  },
  answers: success,
  handle: async (c, { body: { email } }) => {
    const { headers } = c.req.raw;
    if (!(await mayAskForCode(email, fromOf(c, email)))) return TOO_MANY;
    const { browser, setCookie } = markBrowser(headers);
    const mailed = await mailSignInCode(oncepaid(), { browser, email }, localeOf(headers));
    if (!mailed.ok) return mailed;
    setCookies(c, [setCookie]);
    return { success: true as const };
  },
});

const signedInAs = json(z.object({ user: z.object({ email: z.string() }) }));

const signInRequest = z.strictObject({
  email: emailAddress,
  otp: z
    .string("Send the code as a text.")
    .trim()
    .regex(new RegExp(`^\\d{${CODE_DIGITS}}$`), `The code has ${CODE_DIGITS} digits.`),
});

export const postSignIn = endpoint({
  summary: "Signs in with a code, in the browser that asked for it; the session is a cookie",
  takes: { body: signInRequest },
  answers: signedInAs,
  handle: async (c, { body: { email, otp } }) => {
    if (!(await mayTry(fromOf(c, email)))) return TOO_MANY;
    const signedIn = await signInWithCode(oncepaid(), c.req.raw.headers, email, otp);
    if (!signedIn.ok) return signedIn;
    setCookies(c, signedIn.setCookie);
    return { user: { email: signedIn.email } };
  },
});

export const postSignInLink = endpoint({
  summary: "Signs in with the link of a receipt, once; the session is a cookie",
  takes: { body: z.strictObject({ link: z.string("Send the link's own part as a text.").min(1).max(100) }) },
  answers: signedInAs,
  handle: async (c, { body: { link } }) => {
    if (!(await mayTry(fromOf(c)))) return TOO_MANY;
    const signedIn = await signInWithLink(oncepaid(), c.req.raw.headers, link);
    if (!signedIn.ok) return signedIn;
    setCookies(c, signedIn.setCookie);
    return { user: { email: signedIn.email } };
  },
});

export const postSignOut = endpoint({
  summary: "Ends the session of this browser",
  answers: success,
  handle: async (c) => {
    setCookies(c, await signOut(c.req.raw.headers));
    return { success: true as const };
  },
});

export const postSignOutEverywhere = endpoint({
  summary: "Ends every session of whoever is signed in here",
  answers: success,
  handle: async (c) => {
    setCookies(c, await signOutEverywhere(c.req.raw.headers));
    return { success: true as const };
  },
});

const user = z.looseObject({ id: z.string() });

export const postVisitor = endpoint({
  summary: "Makes a visitor's account, as the first checkout makes it too; the session is a cookie",
  answers: json(z.object({ token: z.string(), user })),
  handle: async (c) => {
    if (!(await mayCheckOut(oncepaid(), c))) return TOO_MANY;
    if (c.var.caller.kind === "user" && c.var.caller.email === null) return VISITOR_ALREADY;
    const { setCookie, ...visitor } = await makeVisitor(c.req.raw.headers);
    setCookies(c, setCookie);
    return visitor;
  },
});

export const getSession = endpoint({
  summary: "The session of this browser as better-auth tells it, or null",
  answers: json(z.object({ session: z.looseObject({}), user }).nullable()),
  handle: async (c) => c.json(await sessionOf(c.req.raw.headers)),
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

function fromOf(c: Context, email?: string): From {
  const known = email === undefined ? undefined : knownBrowser(c.req.raw.headers, email);
  return { network: networkOfRequest(oncepaid(), c), known };
}

function setCookies(c: Context, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header("set-cookie", cookie, { append: true });
}
