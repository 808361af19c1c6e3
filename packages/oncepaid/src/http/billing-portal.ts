import { z } from "zod";
import type { Caller } from "#/caller.ts";
import { userId } from "#/checkout/user-id.ts";
import { type Failure, failure } from "#/failure.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { openBillingPortal } from "#/plans/billing-portal.ts";

const portalRequest = z.strictObject({
  entitlementId: z.uuid("Name an entitlement by its id.").optional(),
  userId: userId.optional(),
});

export const postBillingPortal = endpoint({
  summary: "Opens Stripe's portal for a customer: the caller, or for a server the userId it names",
  takes: { body: portalRequest },
  example: { userId: "ada" },
  answers: json(z.object({ url: z.url() })),
  handle: async (c, { body }) => {
    const customer = customerOf(c.var.caller, body.userId);
    if (typeof customer !== "string") return customer;
    const opened = await openBillingPortal(c.var.engine, {
      userId: customer,
      entitlementId: body.entitlementId,
    });
    return opened.ok ? { url: opened.url } : opened;
  },
});

/** The id of a user, or why that one isn't the caller's to name. */
function customerOf(caller: Caller, named: string | undefined): string | Failure {
  if (caller.kind !== "user") return named ?? failure("invalid_request", "Name the userId.");
  if (named === undefined) return caller.userId;
  return failure("unauthenticated", "Only a server with an API key may name a userId.");
}
