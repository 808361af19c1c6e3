import { z } from "zod";
import type { Caller } from "#/caller.ts";
import { allowed } from "#/checkout/return-urls.ts";
import { userId } from "#/checkout/user-id.ts";
import { type Failure, failure } from "#/failure.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { openBillingPortal } from "#/plans/billing-portal.ts";

export const portalRequest = z.strictObject({
  entitlementId: z.uuid("Name an entitlement by its id.").optional(),
  userId: userId.optional(),
  flow: z
    .enum(["payment_method_update", "subscription_cancel", "subscription_update"])
    .optional()
    .describe("The one thing it is opened for."),
  returnUrl: z
    .string()
    .max(2_000, "A URL has at most 2,000 characters.")
    .optional()
    .describe("For servers: a page to come back to, of an origin that the app allows."),
});

const NOT_ALLOWED = failure(
  "return_url_not_allowed",
  "returnUrl: Buyers may only be sent back to the app's own origin, or to one that `returnTo` names.",
);

export const postBillingPortal = endpoint({
  summary: "Opens Stripe's portal for a customer: the caller, or for a server the userId it names",
  takes: { body: portalRequest.optional() },
  example: { userId: "ada", flow: "payment_method_update" },
  answers: json(z.object({ url: z.url() })),
  handle: async (c, { body = {} }) => {
    const customer = customerOf(c.var.caller, body.userId);
    if (typeof customer !== "string") return customer;
    if (body.returnUrl !== undefined && c.var.caller.kind !== "server") return NOT_ITS_PAGE;
    const returnUrl = allowed(c.var.engine, body.returnUrl);
    if (returnUrl === null) return NOT_ALLOWED;
    const { entitlementId, flow } = body;
    const opened = await openBillingPortal(c.var.engine, {
      userId: customer,
      entitlementId,
      flow,
      returnUrl,
    });
    return opened.ok ? { url: opened.url } : opened;
  },
});

const NOT_ITS_PAGE = failure(
  "unauthenticated",
  "Only a server with an API key may say where buyers come back to.",
);

/** The id of a user, or why that one isn't the caller's to name. */
function customerOf(caller: Caller, named: string | undefined): string | Failure {
  if (caller.kind !== "user") return named ?? failure("invalid_request", "Name the userId.");
  if (named === undefined) return caller.userId;
  return failure("unauthenticated", "Only a server with an API key may name a userId.");
}
