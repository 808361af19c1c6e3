import { z } from "zod";
import {
  OUTBOUND_TYPES,
  type OutboundEntitlement,
  type OutboundEvent,
  type OutboundOrder,
} from "#/rules/outbound-event.ts";

/** What other servers are sent, for the document: whoever writes a receiver needs nothing else. */

const order: z.ZodType<OutboundOrder> = z.object({
  orderId: z.uuid(),
  version: z.int().describe("Grows with every change of the order: leave what is older than what you have."),
  cartId: z.string(),
  userId: z.string(),
  status: z.enum(["PENDING", "PAID", "FULFILLED", "CANCELED", "REFUNDED", "FAILED"]),
  amountTotal: z.int().nullable(),
  amountRefunded: z.int(),
  amountLost: z.int().describe("What banks took back for good."),
  currency: z.string().nullable(),
});

const entitlement: z.ZodType<OutboundEntitlement> = z.object({
  entitlementId: z.uuid(),
  version: z.int().describe("Grows with every change of the order, or of access without one."),
  orderId: z.uuid().nullable().describe("Null where access was given without an order."),
  userId: z.string(),
  productKey: z.string(),
  kind: z.enum(["download", "plan", "booking"]),
  state: z.enum(["active", "suspended", "ended"]),
  quantity: z.int(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
});

const MEANING: Readonly<Record<OutboundEvent["type"], string>> = {
  "order.fulfilled": "A paid order was granted",
  "order.refunded": "A refund was made, in part or in full",
  "order.canceled": "The subscription of an order has ended",
  "refund.failed": "A refund could not be given back: what was paid still counts",
  "payment.early_fraud_warning": "A card's bank suspects that the payment was fraud",
  "entitlement.changed": "Access was granted, suspended, ended or restored, or became another user's",
};

export const OUTBOUND_HEADERS = z.object({
  "webhook-id": z.string().describe("The same for every repetition: remember those you have handled."),
  "webhook-timestamp": z.string().describe("When it was signed, in seconds since 1970."),
  "webhook-signature": z
    .string()
    .describe(
      "`v1,` and the base64 of an HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`, the body as its raw bytes. Its key is the " +
        "endpoint's secret after `whsec_`, decoded from base64. Several with a space between, while a secret is being replaced: one of " +
        "them has to be right. Refuse what was signed more than 300 seconds from now.",
    ),
});

export const OUTBOUND = OUTBOUND_TYPES.map((type) => ({
  path: type,
  summary: MEANING[type],
  event: eventOf(type),
  description:
    "To the servers of `webhook-endpoints`, by Standard Webhooks; at least once, of one order in order. Verify it before anything else.",
}));

function eventOf(type: OutboundEvent["type"]) {
  return z.object({
    type: z.literal(type),
    timestamp: z.iso.datetime().describe("When it happened."),
    data: type === "entitlement.changed" ? entitlement : order,
  });
}
