import type { BetterAuthPlugin } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import { OPERATOR_SESSION_SECONDS, roleOf } from "#/accounts/operators.ts";

/**
 * A session for whoever has proven to read an address (codes.ts, links.ts). Without a path it is no route of better-auth's: only the
 * shop itself can call it.
 */
export const proven = {
  id: "proven",
  endpoints: {
    signInProven: createAuthEndpoint(
      { method: "POST", body: z.object({ email: z.string() }) },
      async (ctx) => {
        const { internalAdapter } = ctx.context;
        const { email } = ctx.body;
        const find = async () => (await internalAdapter.findUserByEmail(email))?.user;
        const user =
          (await find()) ??
          (await internalAdapter
            .createUser({ email, emailVerified: true, name: "" }, { method: "proven" })
            // Two browsers of one newcomer at the same moment: one of them makes the account.
            .catch(find));
        if (!user) throw new Error("The account could not be made.");
        if (!user.emailVerified) throw new Error("An account was made without a proven address.");
        const lasts = (await roleOf(email)) ? OPERATOR_SESSION_SECONDS : undefined;
        const until = lasts && { expiresAt: new Date(Date.now() + lasts * 1000) };
        const session = await internalAdapter.createSession(user.id, false, until || {}, true);
        await setSessionCookie(ctx, { session, user }, false, lasts ? { maxAge: lasts } : {});
        return ctx.json({ userId: user.id });
      },
    ),
  },
} satisfies BetterAuthPlugin;
