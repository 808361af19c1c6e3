import { z } from "zod";
import { userId } from "#/checkout/user-id.ts";
import { failure } from "#/failure.ts";
import { answerFailure } from "#/http/answer.ts";
import { readBody } from "#/http/body.ts";
import { identify } from "#/http/caller.ts";
import type { Context } from "#/http/context.ts";
import { checkOrigin } from "#/http/origin.ts";
import { openBillingPortal } from "#/plans/billing-portal.ts";

const portalRequest = z.strictObject({
  entitlementId: z.uuid("Name an entitlement by its id.").optional(),
  userId: userId.optional(),
});

/** `{ entitlementId?, userId? (API key only) }` → `{ url }` of Stripe's portal for that customer. */
export async function postBillingPortal(c: Context): Promise<Response> {
  const headers = c.req.raw.headers;
  const caller = await identify(c.var.engine, headers);
  if ("ok" in caller) return answerFailure(c, caller);
  const foreign = caller.kind === "server" ? undefined : checkOrigin(c.var.engine, headers);
  if (foreign) return answerFailure(c, foreign);
  const body = await readBody(c, portalRequest);
  if (!body.ok) return answerFailure(c, body);
  const { entitlementId, userId: named } = body.data;
  if (named !== undefined && caller.kind !== "server") {
    return answerFailure(c, failure("unauthenticated", "Only a server with an API key may name a userId."));
  }
  const customer = caller.kind === "user" ? caller.userId : named;
  if (customer === undefined) {
    const error =
      caller.kind === "server"
        ? failure("invalid_request", "Name the userId.")
        : failure("unauthenticated", "Sign in first.");
    return answerFailure(c, error);
  }
  const opened = await openBillingPortal(c.var.engine, customer, entitlementId);
  return opened.ok ? c.json({ url: opened.url }) : answerFailure(c, opened);
}
