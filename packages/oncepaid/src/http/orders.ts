import { z } from "zod";
import { viewReturnedOrder } from "#/checkout/returned.ts";
import { failure } from "#/failure.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { entitlementView } from "#/http/entitlements.ts";
import { id } from "#/http/id.ts";
import type { OrderView } from "#/purchases/order-view.ts";
import { viewOrder } from "#/purchases/orders.ts";

/** Somebody else's order is answered exactly as one that doesn't exist. */
export const NO_ORDER = failure("not_found", "There is no such order.");

export const orderView: z.ZodType<OrderView> = z.object({
  id: z.uuid(),
  status: z.string(),
  cartId: z.string(),
  items: z.array(z.object({ productKey: z.string(), quantity: z.int(), unitAmount: z.int().nullable() })),
  amountTotal: z.int().nullable(),
  amountRefunded: z.int(),
  amountLost: z.int(),
  currency: z.string().nullable(),
  paidAt: z.iso.datetime().nullable(),
  fulfilledAt: z.iso.datetime().nullable(),
  entitlements: z.array(entitlementView),
  booking: z
    .object({
      slotId: z.uuid(),
      state: z.string(),
      places: z.int(),
      startsAt: z.iso.datetime(),
      endsAt: z.iso.datetime(),
      timeZone: z.string(),
      place: z.string().nullable(),
      canceledAt: z.iso.datetime().nullable(),
    })
    .nullable(),
  invoices: z.array(z.object({ id: z.string(), url: z.string(), pdf: z.string().nullable() })),
});

export const getOrder = endpoint({
  summary: "An order, as its owner may see it",
  takes: { params: id },
  answers: json(orderView),
  handle: async (c, { params }) => (await viewOrder(c.var.engine, params.id, c.var.caller)) ?? NO_ORDER,
});

const NAME_SESSION = "Name the session: /api/orders?sessionId=cs_…";
const ofSession = z.object({ sessionId: z.string(NAME_SESSION).min(1, NAME_SESSION).max(255, NAME_SESSION) });

export const getOrderOfSession = endpoint({
  summary: "The order a buyer came back from; while it is pending Stripe is asked",
  takes: { query: ofSession },
  answers: json(orderView),
  handle: async (c, { query }) =>
    (await viewReturnedOrder(c.var.engine, query.sessionId, c.var.caller)) ?? NO_ORDER,
});
