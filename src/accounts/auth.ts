import { betterAuth } from "better-auth";
import { anonymous } from "better-auth/plugins";
import { ownOrigins } from "#/accounts/origin.ts";
import { config } from "#/config.ts";
import { database } from "#/db.ts";

/** Days a visitor stays the same visitor without coming back. */
const SESSION_DAYS = 90;
const DAY_SECONDS = 24 * 60 * 60;

let instance: ReturnType<typeof create> | undefined;

/** Sign-in, sessions and their tables are better-auth's; this is how it is set up. */
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
    trustedOrigins: ownOrigins(),
    telemetry: { enabled: false },
    database: { db: database().db, type: "postgres" },
    session: { expiresIn: SESSION_DAYS * DAY_SECONDS, updateAge: DAY_SECONDS },
    // Cookies don't know ports: two shops on one host need names of their own.
    advanced: { cookiePrefix: `oncepaid-${new URL(appUrl).port || "web"}` },
    plugins: [anonymous({ disableDeleteAnonymousUser: true })],
  });
}
