import { type Failure, failure } from "oncepaid/failure";
import { actorOf, type Context, endpoint, json, networkOfRequest } from "oncepaid/routes";
import { z } from "zod";
import { sessionOf } from "#/accounts/caller.ts";
import {
  addPasskey,
  passkeyHost,
  passkeysOf,
  registrationOptions,
  removePasskey,
  signInOptions,
  takePasskey,
} from "#/accounts/passkeys.ts";
import { mayTry } from "#/accounts/rate-limit.ts";
import { signInWithPasskey } from "#/accounts/sign-in.ts";
import { oncepaid } from "#/oncepaid.ts";

/** Passkeys: operators add and remove their own at the desk, and sign in with them. */

/** A session that somebody left open, or took, is not enough to make a way in that stays. */
const FRESH_SECONDS = 15 * 60;

const NOT_HERE = failure(
  "not_found",
  "Passkeys need a name in APP_URL, with https or on localhost; an IP address has none.",
);
const NOT_FRESH = failure(
  "unauthenticated",
  "Sign in again first: a passkey is added within 15 minutes of signing in.",
);
const NOT_A_PERSON = failure("forbidden", "Passkeys are people's: sign in at the desk.");
const TOO_MANY = failure(
  "too_many_requests",
  "Too many tries in a short time; wait an hour, or write to us.",
);

const passkey = z.object({
  id: z.string(),
  name: z.string(),
  addedAt: z.iso.datetime(),
  usedAt: z.iso.datetime().nullable(),
});

/** What browsers and devices tell each other (WebAuthn Level 3, in JSON); looked into by @simplewebauthn/server. */
const credential = z.looseObject({
  id: z.string().min(1).max(2000),
  rawId: z.string(),
  type: z.literal("public-key"),
  clientExtensionResults: z.looseObject({}),
  response: z.looseObject({ clientDataJSON: z.string() }),
});
const options = json(z.looseObject({ challenge: z.string() }));

export const getPasskeys = endpoint({
  summary: "The passkeys of whoever is signed in at the desk",
  answers: json(z.object({ passkeys: z.array(passkey) })),
  handle: async (c) => {
    const person = operatorOf(c);
    return "ok" in person ? person : { passkeys: await passkeysOf(person.id) };
  },
});

export const postPasskeyOptions = endpoint({
  summary: "What a browser needs to make a passkey for whoever is signed in at the desk",
  answers: options,
  handle: async (c) => {
    const host = passkeyHost();
    if (host === undefined) return NOT_HERE;
    const person = await freshOperator(c);
    if ("ok" in person) return person;
    const made = await registrationOptions(host, person);
    return made.ok ? { ...made.options } : made;
  },
});

export const postPasskey = endpoint({
  summary: "Keeps the passkey that a browser made",
  takes: { body: z.strictObject({ name: z.string().trim().min(1).max(100), credential }) },
  answers: json(z.object({ id: z.string() })),
  handle: async (c, { body }) => {
    const host = passkeyHost();
    if (host === undefined) return NOT_HERE;
    const person = await freshOperator(c);
    if ("ok" in person) return person;
    const added = await addPasskey(host, person.id, body.name, body.credential);
    if (!added.ok) return added;
    await writeDown(c, "passkey.added", body.name);
    return { id: added.id };
  },
});

export const deletePasskey = endpoint({
  summary: "Takes a passkey away: it signs in nobody from now on",
  takes: { params: z.object({ id: z.string().min(1).max(2000) }) },
  answers: json(z.object({ removed: z.literal(true) })),
  handle: async (c, { params }) => {
    const person = operatorOf(c);
    if ("ok" in person) return person;
    if (!(await removePasskey(person.id, params.id)))
      return failure("not_found", "You have no such passkey.");
    await writeDown(c, "passkey.removed", params.id);
    return { removed: true as const };
  },
});

export const postPasskeySignInOptions = endpoint({
  summary: "What a browser needs to sign in with a passkey",
  answers: options,
  handle: async (c) => {
    const host = passkeyHost();
    if (host === undefined) return NOT_HERE;
    if (!(await mayTry({ network: networkOfRequest(oncepaid(), c), known: undefined }))) return TOO_MANY;
    return { ...(await signInOptions(host)) };
  },
});

export const postPasskeySignIn = endpoint({
  summary: "Signs in with a passkey; the session is a cookie",
  takes: { body: z.strictObject({ credential }) },
  answers: json(z.object({ user: z.object({ email: z.string() }) })),
  handle: async (c, { body }) => {
    const host = passkeyHost();
    if (host === undefined) return NOT_HERE;
    if (!(await mayTry({ network: networkOfRequest(oncepaid(), c), known: undefined }))) return TOO_MANY;
    const taken = await takePasskey(host, body.credential);
    if (!taken.ok) return taken;
    const signedIn = await signInWithPasskey(oncepaid(), c.req.raw.headers, taken.email);
    for (const cookie of signedIn.setCookie) c.header("set-cookie", cookie, { append: true });
    return { user: { email: signedIn.email } };
  },
});

/** Whoever is signed in at the desk, whatever their role. */
function operatorOf(c: Context): Failure | { id: string; email: string } {
  const { caller } = c.var;
  const isPerson = caller.kind === "user" && caller.isOperator;
  return isPerson && caller.email !== null ? { id: caller.userId, email: caller.email } : NOT_A_PERSON;
}

async function freshOperator(c: Context): Promise<Failure | { id: string; email: string }> {
  const person = operatorOf(c);
  const found = await sessionOf(c.req.raw.headers);
  const ageMs = found ? Date.now() - found.session.createdAt.getTime() : Number.POSITIVE_INFINITY;
  return "ok" in person || ageMs <= FRESH_SECONDS * 1000 ? person : NOT_FRESH;
}

/** The engine's list has a connection of its own, so it is written right after. */
async function writeDown(c: Context, what: string, name: string): Promise<void> {
  const by = actorOf(c.var.caller);
  await oncepaid().audit.write({ by, what, about: by, details: { passkey: name } });
}
