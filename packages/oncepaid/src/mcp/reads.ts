import { z } from "zod";
import { APP } from "#/caller.ts";
import { failure } from "#/failure.ts";
import { type Tool, tool } from "#/mcp/tool.ts";
import { CHECKS, diagnose, isHealthy } from "#/operations/doctor/doctor.ts";
import { entitlementsOf } from "#/purchases/entitlements.ts";
import { explainAccess } from "#/purchases/explain.ts";
import { listOrders } from "#/purchases/list-orders.ts";
import { viewOrder } from "#/purchases/orders.ts";
import { timelineOf } from "#/purchases/timeline.ts";

/** What changes nothing. Each answers what an API key with the scope `read` is answered: no addresses, no names. */

const orderId = z.uuid("An order's id is a UUID.").describe("The order's id.");
const userId = z.string().min(1).describe("The app's own id of the user.");

export const READS: readonly Tool[] = [
  tool({
    name: "explain",
    description:
      "Why a user has, or has not, access to a product: a sentence, and the orders, refunds, disputes, subscriptions, seats and gifts that " +
      "decide it.",
    takes: { userId, productKey: z.string().min(1).describe("The product's key in the catalog.") },
    handle: (engine, taken) => explainAccess(engine, taken.userId, taken.productKey),
  }),
  tool({
    name: "timeline",
    description:
      "One order and everything that happened to it, oldest first: what changed, by which event of Stripe's or which person, before and after.",
    takes: { orderId },
    handle: async (engine, taken) => {
      const order = await viewOrder(engine, taken.orderId, APP);
      if (!order) return failure("not_found", "There is no such order.");
      return { order, timeline: await timelineOf(engine, order.id) };
    },
  }),
  tool({
    name: "orders",
    description:
      "Orders, newest first, page by page: all of them, or those of a user, an e-mail address, a status or a product.",
    takes: {
      userId: userId.optional(),
      email: z.string().optional().describe("The address an order was paid under."),
      status: z.enum(["PENDING", "PAID", "FULFILLED", "CANCELED", "REFUNDED", "FAILED"]).optional(),
      productKey: z.string().optional(),
      after: z.uuid().optional().describe("`next` of the page before."),
      limit: z.int().min(1).max(100).default(20),
    },
    handle: (engine, { userId: of, email, status, productKey, after, limit }) =>
      listOrders(engine, {
        ...(of !== undefined && { userId: of }),
        ...(email !== undefined && { email }),
        ...(status !== undefined && { status }),
        ...(productKey !== undefined && { productKey }),
        ...(after !== undefined && { after }),
        limit,
      }),
  }),
  tool({
    name: "entitlements",
    description:
      "What a user was ever granted, bought, by a seat or given, ended ones included. `active` ones may be used.",
    takes: { userId },
    handle: async (engine, taken) => ({ entitlements: await entitlementsOf(engine, taken.userId) }),
  }),
  tool({
    name: "doctor",
    description:
      "Whether the database, the keys, prices, webhooks and workers are as they have to be, what waits or has failed, and what to do about it. " +
      "Asks Stripe, and takes some seconds.",
    takes: {},
    handle: async (engine) => {
      const checks = await diagnose(engine, CHECKS);
      return { healthy: isHealthy(checks), checks };
    },
  }),
];
