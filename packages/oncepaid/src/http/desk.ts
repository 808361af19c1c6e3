import { z } from "zod";
import { type DeskOrder, deskOrder, deskOrders } from "#/desk/orders.ts";
import { type Sales, sales } from "#/desk/sales.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import { NO_ORDER } from "#/http/orders.ts";

/** What those who serve buyers look for. */

const known = z.string().nullable();
const order: z.ZodType<DeskOrder> = z.object({
  id: z.uuid(),
  userId: z.string(),
  email: known.describe("The address it is served under."),
  name: known.describe("As the buyer wrote it on Stripe's page."),
  status: z.string(),
  locale: z.string(),
  livemode: z.boolean(),
  items: z.array(z.object({ productKey: z.string(), quantity: z.int(), unitAmount: z.int().nullable() })),
  currency: known,
  amountTotal: z.int().nullable(),
  amountDiscount: z.int().nullable().describe("What discounts took off; null where it isn't known."),
  amountTax: z
    .int()
    .nullable()
    .describe("The taxes in the total, added or part of the prices; null where it isn't known."),
  amountRefunded: z.int(),
  amountLost: z.int(),
  createdAt: z.iso.datetime(),
  paidAt: z.iso.datetime().nullable(),
  stripe: z.object({ session: known, paymentIntent: known, subscription: known, customer: known }),
  warnedAt: z.iso
    .datetime()
    .nullable()
    .describe(
      "When its card's bank said that it suspects fraud, while a person has to look at it; null otherwise.",
    ),
  subscription: z
    .object({
      status: z.string(),
      currentPeriodEnd: z.iso.datetime().nullable(),
      cancelAt: z.iso.datetime().nullable(),
    })
    .nullable(),
});

export const getDeskOrders = endpoint({
  summary: "Orders as those who serve buyers look for them, newest first",
  takes: {
    query: z.strictObject({
      search: z
        .string()
        .max(300)
        .optional()
        .describe("An address or how it begins, words of a name, an order's number, or any id of Stripe's."),
      status: z.enum(["PENDING", "PAID", "FULFILLED", "CANCELED", "REFUNDED", "FAILED"]).optional(),
      productKey: z.string().optional(),
      userId: z.string().optional(),
      warned: z
        .literal("true", "Send warned=true, or nothing.")
        .optional()
        .describe(
          "A card's bank suspects fraud; nothing was given back or disputed since, and nobody has looked at it.",
        ),
      after: z.uuid("Name `next` of the page before.").optional(),
      limit: z.coerce.number("A limit is a number.").int().min(1).max(100).optional(),
    }),
  },
  answers: json(
    z.object({
      orders: z.array(order),
      next: z.uuid().nullable().describe("Asks for the page that follows; null where there is none."),
    }),
  ),
  handle: (c, { query: { warned, ...filter } }) =>
    deskOrders(c.var.engine, { ...filter, warned: warned === "true" }),
});

export const getDeskOrder = endpoint({
  summary: "One order, with whom it is for and Stripe's ids",
  takes: { params: id },
  answers: json(order),
  handle: async (c, { params }) => (await deskOrder(c.var.engine, params.id)) ?? NO_ORDER,
});

const figures: z.ZodType<Sales> = z.object({
  from: z.iso.date(),
  until: z.iso.date(),
  days: z.array(
    z.object({
      day: z.iso.date(),
      currency: z.string(),
      orders: z.int(),
      revenue: z.int().describe("Orders, and renewals of plans."),
      refunded: z.int().describe("Given back on this day, whenever it was paid."),
      newSubscriptions: z.int(),
      lostSubscriptions: z.int(),
    }),
  ),
});

export const getSales = endpoint({
  summary: "What was sold on each of the last days, by currency",
  takes: {
    query: z.strictObject({ days: z.coerce.number("A number of days.").int().min(1).max(366).optional() }),
  },
  answers: json(figures),
  handle: (c, { query }) => sales(c.var.engine, query),
});
