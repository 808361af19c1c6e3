import { createHmac } from "node:crypto";
import { betterAuth } from "better-auth";
import { anonymous, emailOTP } from "better-auth/plugins";
import { ownOrigins } from "oncepaid/routes";
import { config } from "#/config.ts";
import { database } from "#/database.ts";

/** Days a browser stays signed in, or the same visitor's. */
const SESSION_DAYS = 90;
const DAY_SECONDS = 24 * 60 * 60;
const CODE_DIGITS = 6;
const CODE_LIFE_SECONDS = 10 * 60;
/** Wrong tries after which a code is worth nothing: three of a million. */
const CODE_TRIES = 3;

let instance: ReturnType<typeof create> | undefined;

/**
 * Sign-in, sessions and their tables are better-auth's; this is how it is set up. Only what the table of routes names
 * can be reached from outside: its own router as a whole is not mounted.
 */
export function auth() {
  instance ??= create();
  return instance;
}

function create() {
  const { appUrl, authSecret } = config();
  return betterAuth({
    baseURL: appUrl,
    basePath: "/api/auth",
    secret: authSecret,
    trustedOrigins: ownOrigins(appUrl),
    telemetry: { enabled: false },
    database: { db: database().db, type: "postgres" },
    // Counted from the sign-in: its cookie ends then, and most requests could not send a newer one.
    session: { expiresIn: SESSION_DAYS * DAY_SECONDS, disableSessionRefresh: true },
    // Cookies don't know ports: two shops on one host need names of their own.
    advanced: { cookiePrefix: `oncepaid-${new URL(appUrl).port || "web"}` },
    plugins: [
      anonymous({ disableDeleteAnonymousUser: true }),
      emailOTP({
        otpLength: CODE_DIGITS,
        expiresIn: CODE_LIFE_SECONDS,
        allowedAttempts: CODE_TRIES,
        // A million codes are hashed in a second: without the secret, a stolen copy of the table tells none of them.
        storeOTP: { hash: async (code) => createHmac("sha256", authSecret).update(code).digest("base64url") },
        // A code is made while its mail is written (codes.ts), so it never waits in a queue in plain.
        sendVerificationOTP: () => Promise.reject(new Error("Codes are mailed by the mail queue.")),
      }),
    ],
  });
}
