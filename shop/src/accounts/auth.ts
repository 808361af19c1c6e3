import { ownOrigins } from "oncepaid/routes";
import { cookiePrefix, isHttps } from "#/accounts/cookies.ts";
import { config } from "#/config.ts";
import { database } from "#/database.ts";

/** Days a browser stays signed in, or the same visitor's. */
const SESSION_DAYS = 90;
const DAY_SECONDS = 24 * 60 * 60;

let instance: ReturnType<typeof create> | undefined;

/**
 * Sessions and their tables are better-auth's; this is how it is set up. Only what the table of routes names can be reached from
 * outside: its own router as a whole is not mounted. Its 380 files are loaded at first use: most commands of a terminal never ask who
 * somebody is, and begin without them a fifth sooner. Where that fails, for want of file descriptors or memory, the next call tries again.
 */
export function auth(): ReturnType<typeof create> {
  instance ??= create().catch((error: unknown) => {
    instance = undefined;
    throw error;
  });
  return instance;
}

async function create() {
  const [{ betterAuth }, { anonymous }, { proven }] = await Promise.all([
    import("better-auth"),
    import("better-auth/plugins"),
    import("#/accounts/proven.ts"),
  ]);
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
    // It would count everybody together; the shop counts by network (rate-limit.ts).
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: cookiePrefix(),
      // It would put a prefix of its own before ours.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isHttps() },
    },
    plugins: [anonymous({ disableDeleteAnonymousUser: true }), proven],
  });
}
