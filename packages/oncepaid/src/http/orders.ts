import { z } from "zod";
import { type Caller, isOperating } from "#/caller.ts";
import { viewReturnedOrder } from "#/checkout/returned.ts";
import { failure } from "#/failure.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { entitlementView } from "#/http/entitlements.ts";
import { id } from "#/http/id.ts";
import { listOrders, type OrderFilter, type OrderPage } from "#/purchases/list-orders.ts";
import type { OrderView } from "#/purchases/order-view.ts";
import { viewOrder } from "#/purchases/orders.ts";

/** Somebody else's order is answered exactly as one that doesn't exist. */
export const NO_ORDER = failure("not_found", "There is no such order.");

export const orderView: z.ZodType<OrderView> = z.object({
  id: z.uuid(),
  status: z.string(),
  cartId: z.string(),
  items: z.array(
    z.object({
      productKey: z.string(),
      quantity: z.int(),
      unitAmount: z.int().nullable(),
      price: z.string().nullable().describe("The name in the catalog of the price it was sold under."),
    }),
  ),
  amountTotal: z.int().nullable(),
  amountDiscount: z.int().nullable().describe("What discounts took off; null where it isn't known."),
  amountTax: z
    .int()
    .nullable()
    .describe("The taxes in the total, added or part of the prices; null where it isn't known."),
  amountRefunded: z.int(),
  amountLost: z.int(),
  currency: z.string().nullable(),
  processingSince: z.iso
    .datetime()
    .nullable()
    .describe("When the buyer finished the payment page, while the money is still on its way."),
  expiredAt: z.iso.datetime().nullable().describe("When its last payment page ran out unpaid."),
  paidAt: z.iso.datetime().nullable(),
  fulfilledAt: z.iso.datetime().nullable(),
  upcoming: z
    .object({
      what: z.enum(["renewal", "first_charge", "end"]),
      at: z.iso.datetime(),
      amount: z
        .int()
        .nullable()
        .describe("Null where it isn't certain: after a change, with a discount or taxes."),
    })
    .nullable()
    .describe("What its plan's subscription does by itself next: it charges, or it ends."),
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
const query = z.strictObject({
  sessionId: z
    .string()
    .min(1, NAME_SESSION)
    .max(255, NAME_SESSION)
    .optional()
    .describe("The session a buyer came back with: answers its order."),
  userId: z.string().optional(),
  email: z.string().optional().describe("The address it was paid under, in any case."),
  status: z.enum(["PENDING", "PAID", "FULFILLED", "CANCELED", "REFUNDED", "FAILED"]).optional(),
  productKey: z.string().optional(),
  after: z.uuid("Name `next` of the page before.").optional().describe("`next` of the page before."),
  limit: z.coerce
    .number("A limit is a number.")
    .int("A limit is a whole number.")
    .min(1, "A page has at least one order.")
    .max(100, "A page has at most 100 orders.")
    .optional(),
});

const orderPage: z.ZodType<OrderPage> = z.object({
  orders: z.array(orderView),
  next: z.uuid().nullable().describe("Asks for the page that follows; null where there is none."),
});

export const getOrders = endpoint({
  summary: "Orders of everybody, newest first, for servers and operators; with sessionId a buyer's own",
  takes: { query },
  answers: json(z.union([orderView, orderPage])),
  handle: async (c, { query: { sessionId, ...asked } }) => {
    const { engine, caller } = c.var;
    if (sessionId !== undefined) {
      const buyer = isOperating(caller) && asked.userId !== undefined ? asUser(asked.userId) : caller;
      return (await viewReturnedOrder(engine, sessionId, buyer)) ?? NO_ORDER;
    }
    if (isOperating(caller)) return listOrders(engine, given(asked));
    return Object.keys(asked).length > 0 ? NOT_ITS_ORDERS : failure("invalid_request", NAME_SESSION);
  },
});

/** An operator or a server asks whether the session is this user's. */
function asUser(userId: string): Caller {
  return { kind: "user", userId, email: null, isOperator: false };
}

const NOT_ITS_ORDERS = failure("forbidden", "A list of orders needs an API key or an admin.");

function given({ userId, email, status, productKey, after, limit }: z.output<typeof query>): OrderFilter {
  return {
    ...(userId !== undefined && { userId }),
    ...(email !== undefined && { email }),
    ...(status !== undefined && { status }),
    ...(productKey !== undefined && { productKey }),
    ...(after !== undefined && { after }),
    ...(limit !== undefined && { limit }),
  };
}
