import { z } from "zod";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import { NO_ORDER, orderView } from "#/http/orders.ts";
import { viewOrder } from "#/purchases/orders.ts";
import { timelineOf } from "#/purchases/timeline.ts";

const snapshot = z.object({
  status: z.string(),
  amountRefunded: z.int(),
  amountLost: z.int().optional(),
  place: z.string().nullable(),
  grants: z.array(
    z.object({
      productKey: z.string(),
      quantity: z.int(),
      state: z.string(),
      endsAt: z.int().nullable(),
      reason: z.string().nullable(),
    }),
  ),
  notGranted: z.array(z.object({ productKey: z.string(), why: z.string() })).optional(),
});

const timelineEntry = z.object({
  at: z.iso.datetime(),
  what: z.enum([
    "order_created",
    "session_opened",
    "attempt_closed",
    "changed",
    "moved",
    "refund",
    "cancel",
    "change_plan",
    "correct",
    "resend",
    "grant",
    "end",
    "restore",
    "move",
    "claim",
    "review",
    "erase",
    "move_booking",
    "cancel_booking",
  ]),
  actor: z.string(),
  stripeEventId: z.string().nullable(),
  attempt: z.int().nullable(),
  sessionId: z.string().nullable(),
  before: snapshot.nullable(),
  after: snapshot.nullable(),
  effects: z.array(z.string()),
  note: z.string().nullable(),
});

export const getTimeline = endpoint({
  summary: "An order and everything that happened to it, oldest first",
  takes: { params: id },
  answers: json(z.object({ order: orderView, timeline: z.array(timelineEntry) })),
  handle: async (c, { params }) => {
    const order = await viewOrder(c.var.engine, params.id, c.var.caller);
    return order ? { order, timeline: await timelineOf(c.var.engine, order.id) } : NO_ORDER;
  },
});
