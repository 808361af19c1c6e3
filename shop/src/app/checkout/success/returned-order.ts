import { headers } from "next/headers";
import { cache } from "react";
import { oncepaid } from "#/oncepaid.ts";

/** Stripe's ids are far shorter. */
const SESSION_ID = /^[\x21-\x7e]{1,255}$/;

/** The order a visitor came back to, if it is theirs; looked up once for the page and its title together. */
export const returnedOrder = cache(async (sessionId: string | string[] | undefined) => {
  if (typeof sessionId !== "string" || !SESSION_ID.test(sessionId)) return undefined;
  const caller = await oncepaid().caller(await headers());
  if ("ok" in caller) return undefined;
  const order = await oncepaid().returned(sessionId, caller);
  if (!order) return undefined;
  const signedIn = caller.kind === "user" && caller.email !== null;
  return { order, sessionId, mailedTo: signedIn ? null : await oncepaid().maskedEmail(order.id) };
});
