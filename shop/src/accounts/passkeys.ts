import { isIP } from "node:net";
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { sql } from "kysely";
import { type Failure, failure } from "oncepaid/failure";
import { ownOrigins } from "oncepaid/routes";
import { NAME } from "#/brand/look.ts";
import { config } from "#/config.ts";
import { database } from "#/database.ts";

/**
 * Passkeys of operators, beside codes: a device signs what it is asked to, after it has seen a finger, a face or a PIN. Nothing that could
 * be stolen from here or typed into another site signs in. What is asked is kept, so that each answer is good once.
 */

/** Passkeys of one person: a phone, a laptop, a key in a drawer. */
export const MOST_PASSKEYS = 10;
const CHALLENGE_SECONDS = 5 * 60;
/** EdDSA, ES256, RS256: every device has one of them. Source: IANA's registry "COSE Algorithms". */
const ALGORITHMS = [-8, -7, -257];

export type Passkey = { id: string; name: string; addedAt: string; usedAt: string | null };

/** What a browser made or signed: WebAuthn Level 3, in JSON. */
export type FromBrowser = { id: string; rawId: string; type: "public-key"; response: object };

const REFUSED = failure(
  "invalid_code",
  "That passkey isn't known here, or took longer than five minutes. Sign in with a code instead.",
);

/** The name that passkeys are made for. Undefined on an IP address: browsers make none there. */
export function passkeyHost(): string | undefined {
  const { hostname, protocol } = new URL(config().appUrl);
  const isSafe = protocol === "https:" || hostname === "localhost" || hostname.endsWith(".localhost");
  return isSafe && isIP(hostname.replace(/^\[|\]$/g, "")) === 0 ? hostname : undefined;
}

/** Newest first. */
export async function passkeysOf(userId: string): Promise<Passkey[]> {
  const rows = await database()
    .db.selectFrom("passkey")
    .select(["id", "name", "added_at", "used_at"])
    .where("user_id", "=", userId)
    .orderBy("added_at", "desc")
    .execute();
  return rows.map(({ id, name, added_at, used_at }) => ({
    id,
    name,
    addedAt: added_at.toISOString(),
    usedAt: used_at?.toISOString() ?? null,
  }));
}

/** What the browser hands to the device that is to make a passkey. */
export async function registrationOptions(host: string, user: { id: string; email: string }) {
  const there = await passkeysOf(user.id);
  if (there.length >= MOST_PASSKEYS)
    return failure("invalid_request", `Nobody has more than ${MOST_PASSKEYS} passkeys.`);
  const options = await generateRegistrationOptions({
    rpName: NAME,
    rpID: host,
    userName: user.email,
    userID: new TextEncoder().encode(user.id),
    excludeCredentials: there.map(({ id }) => ({ id })),
    supportedAlgorithmIDs: ALGORITHMS,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  await keep(options.challenge, user.id);
  return { ok: true as const, options };
}

/** Keeps what the device made; the passkey, or why it can't be used. */
export async function addPasskey(
  host: string,
  userId: string,
  name: string,
  credential: FromBrowser,
): Promise<{ ok: true; id: string } | Failure> {
  const verified = await verifyRegistrationResponse({
    response: made(credential),
    supportedAlgorithmIDs: ALGORITHMS,
    expectedChallenge: (challenge) => take(challenge, userId),
    expectedOrigin: [...ownOrigins(config().appUrl)],
    expectedRPID: host,
  }).catch(() => undefined);
  if (!verified?.verified) return REFUSED;
  const { id, publicKey, counter, transports = [] } = verified.registrationInfo.credential;
  const kept = await database()
    .db.insertInto("passkey")
    .values({
      id,
      user_id: userId,
      name,
      public_key: Buffer.from(publicKey).toString("base64url"),
      counter,
      transports: [...transports],
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  return kept ? { ok: true, id } : failure("name_taken", "This device's passkey is here already.");
}

/** One of this person's; true when it was there. */
export async function removePasskey(userId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await database()
    .db.deleteFrom("passkey")
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** What the browser hands to whatever device has a passkey for this shop; whose it is, only its answer tells. */
export async function signInOptions(host: string) {
  const options = await generateAuthenticationOptions({ rpID: host, userVerification: "required" });
  await keep(options.challenge, null);
  return options;
}

/** The address of whose device has signed what it was asked to. */
export async function takePasskey(
  host: string,
  credential: FromBrowser,
): Promise<{ ok: true; email: string } | Failure> {
  const { db } = database();
  const known = await db
    .selectFrom("passkey")
    .innerJoin("user", "user.id", "passkey.user_id")
    .select(["public_key", "counter", "email", "emailVerified"])
    .where("passkey.id", "=", credential.id)
    .executeTakeFirst();
  if (!known?.emailVerified) return REFUSED;
  const verified = await verifyAuthenticationResponse({
    response: signed(credential),
    expectedChallenge: (challenge) => take(challenge, null),
    expectedOrigin: [...ownOrigins(config().appUrl)],
    expectedRPID: host,
    credential: {
      id: credential.id,
      publicKey: new Uint8Array(Buffer.from(known.public_key, "base64url")),
      counter: Number(known.counter),
    },
  }).catch(() => undefined);
  if (!verified?.verified) return REFUSED;
  const { newCounter } = verified.authenticationInfo;
  const used = await db
    .updateTable("passkey")
    .set({ counter: newCounter, used_at: sql`now()` })
    .where("id", "=", credential.id)
    .returning("id")
    .executeTakeFirst();
  return used ? { ok: true, email: known.email } : REFUSED;
}

/** The library looks into it itself, and throws at whatever isn't as browsers make it. */
function made(credential: FromBrowser): RegistrationResponseJSON;
function made(credential: FromBrowser): FromBrowser {
  return credential;
}

function signed(credential: FromBrowser): AuthenticationResponseJSON;
function signed(credential: FromBrowser): FromBrowser {
  return credential;
}

async function keep(challenge: string, userId: string | null): Promise<void> {
  await database()
    .db.insertInto("passkey_challenge")
    .values({
      challenge,
      user_id: userId,
      expires_at: sql`now() + make_interval(secs => ${CHALLENGE_SECONDS})`,
    })
    .execute();
}

/** Whether this was asked, of this person; it is good once. */
async function take(challenge: string, userId: string | null): Promise<boolean> {
  const { numDeletedRows } = await database()
    .db.deleteFrom("passkey_challenge")
    .where("challenge", "=", challenge)
    .where("user_id", userId === null ? "is" : "=", userId)
    .where("expires_at", ">", sql<Date>`now()`)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
