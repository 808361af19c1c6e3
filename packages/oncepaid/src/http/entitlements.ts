import { z } from "zod";
import { type Failure, failure } from "#/failure.ts";
import type { Context } from "#/http/context.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { type EntitlementView, entitlementsOf } from "#/purchases/entitlements.ts";
import { explainAccess } from "#/purchases/explain.ts";
import { featuresAmong } from "#/purchases/features.ts";

export const entitlementView: z.ZodType<EntitlementView> = z.object({
  id: z.uuid(),
  productKey: z.string(),
  kind: z.string(),
  state: z.string(),
  quantity: z.int(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
  orderId: z.uuid().nullable(),
  via: z.enum(["purchase", "seat", "grant"]),
});

export const getEntitlements = endpoint({
  summary: "What a user was granted, ended grants included: the caller's own, or those of ?userId=",
  takes: { query: z.object({ userId: z.string().optional() }) },
  answers: json(
    z.object({
      entitlements: z.array(entitlementView),
      features: z
        .array(z.string())
        .describe("What the user may use now, by the names that products give it."),
    }),
  ),
  handle: async (c, { query }) => {
    const user = userAsked(c, query.userId || undefined);
    if (typeof user !== "string") return user;
    const entitlements = await entitlementsOf(c.var.engine, user);
    return { entitlements, features: featuresAmong(c.var.engine, entitlements) };
  },
});

/** An id, or why the caller may not see that user's. */
function userAsked({ var: { caller } }: Context, asked: string | undefined): string | Failure {
  if (caller.kind !== "user") {
    return asked ?? failure("invalid_request", "Name the user: /api/entitlements?userId=…");
  }
  if (asked !== undefined && asked !== caller.userId && !caller.isOperator) {
    return failure("forbidden", "Another user's entitlements need an API key.");
  }
  return asked ?? caller.userId;
}

const NAME_BOTH = "Name both: ?userId=…&productKey=…";
const text = z.string(NAME_BOTH).min(1, NAME_BOTH);
const withId = z.looseObject({ id: z.string() });

const explanation = z.object({
  userId: z.string(),
  productKey: z.string(),
  access: z.boolean(),
  because: z.string(),
  grants: z.array(
    z.object({
      id: z.uuid(),
      state: z.string(),
      by: z.string(),
      note: z.string().nullable(),
      at: z.iso.datetime(),
      until: z.iso.datetime().nullable(),
      because: z.string(),
    }),
  ),
  orders: z.array(
    z.object({
      id: z.uuid(),
      status: z.string(),
      amountTotal: z.int().nullable(),
      amountRefunded: z.int(),
      amountLost: z.int(),
      currency: z.string().nullable(),
      paidAt: z.iso.datetime().nullable(),
      entitlement: entitlementView.nullable(),
      notGranted: z.array(z.object({ productKey: z.string(), why: z.string() })),
      place: z.string().nullable(),
      refunds: z.array(withId),
      disputes: z.array(withId),
      subscriptions: z.array(withId),
      because: z.string(),
    }),
  ),
});

export const getExplanation = endpoint({
  summary: "Why a user may use a product, or why not: the orders, refunds, disputes and seats that decide it",
  takes: { query: z.object({ userId: text, productKey: text }) },
  answers: json(explanation),
  handle: (c, { query }) => explainAccess(c.var.engine, query.userId, query.productKey),
});
