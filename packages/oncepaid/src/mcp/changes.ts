import { z } from "zod";
import { type Tool, tool } from "#/mcp/tool.ts";
import { cancel } from "#/support/cancel.ts";
import { end, restore } from "#/support/end.ts";
import { grant } from "#/support/grant.ts";
import { refund } from "#/support/refund.ts";
import { resend } from "#/support/resend.ts";

/** What changes something. Each is there only where whoever starts the server names it. */

const asking = {
  key: z
    .string()
    .min(1)
    .max(255)
    .describe(
      "Your own name for this request. Sent again under the same name it is done once, and answered again.",
    ),
  note: z.string().max(2_000).optional().describe("Why, for whoever reads the order's timeline."),
};
const orderId = z.uuid("An order's id is a UUID.");
const entitlementId = z.uuid("An entitlement's id is a UUID.");

export const CHANGES: readonly Tool[] = [
  tool({
    name: "refund",
    description:
      "Gives money of an order back, by Stripe: an amount, or everything that is left. It can't be taken back.",
    takes: {
      orderId,
      amount: z
        .int()
        .min(1)
        .optional()
        .describe("Minor units: 500 is 5.00 USD. Everything that is left, where it isn't said."),
      ...asking,
    },
    destructive: true,
    handle: (engine, { orderId: id, ...request }, by) => refund(engine, id, { ...request, by }),
  }),
  tool({
    name: "cancel",
    description: "Ends the plan of an order, at once or when the period that is paid for ends.",
    takes: { orderId, when: z.enum(["now", "period_end"]), ...asking },
    destructive: true,
    handle: (engine, { orderId: id, ...request }, by) => cancel(engine, id, { ...request, by }),
  }),
  tool({
    name: "grant",
    description: "Gives a user access to a product without an order, for good or until a moment.",
    takes: {
      userId: z.string().min(1).describe("The app's own id of the user."),
      productKey: z.string().min(1),
      until: z.iso.datetime().optional().describe("When it ends by itself, in UTC."),
      ...asking,
    },
    handle: (engine, { until, ...request }, by) =>
      grant(engine, { ...request, by, until: until === undefined ? undefined : new Date(until) }),
  }),
  tool({
    name: "end",
    description:
      "Ends access that was bought or given, whatever Stripe says later. Gives no money back; restore takes it back.",
    takes: { entitlementId, ...asking },
    destructive: true,
    handle: (engine, { entitlementId: id, ...request }, by) => end(engine, id, { ...request, by }),
  }),
  tool({
    name: "restore",
    description: "Takes an end of access back: what was paid, or until when it was given, decides again.",
    takes: { entitlementId, ...asking },
    handle: (engine, { entitlementId: id, ...request }, by) => restore(engine, id, { ...request, by }),
  }),
  tool({
    name: "resend",
    description: "Sends the buyer of an order the receipt once more.",
    takes: { orderId, ...asking },
    handle: (engine, { orderId: id, ...request }, by) => resend(engine, id, { ...request, by }),
  }),
];
