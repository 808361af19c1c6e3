import { headers } from "next/headers";
import { viewReturnedOrder } from "oncepaid/checkout/returned.ts";
import { identify } from "oncepaid/http/caller.ts";
import { maskedEmailOf } from "oncepaid/purchases/orders.ts";
import { cache } from "react";
import { engine } from "#/engine.ts";

/** Stripe's ids are far shorter. */
const SESSION_ID = /^[\x21-\x7e]{1,255}$/;

/** The order a visitor came back to, if it is theirs; looked up once for the page and its title together. */
export const returnedOrder = cache(async (sessionId: string | string[] | undefined) => {
  if (typeof sessionId !== "string" || !SESSION_ID.test(sessionId)) return undefined;
  const caller = await identify(engine(), await headers());
  if ("ok" in caller) return undefined;
  const order = await viewReturnedOrder(engine(), sessionId, caller);
  if (!order) return undefined;
  const signedIn = caller.kind === "user" && caller.email !== null;
  return { order, sessionId, mailedTo: signedIn ? null : await maskedEmailOf(engine(), order.id) };
});
