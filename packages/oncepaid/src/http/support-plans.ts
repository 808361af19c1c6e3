import { z } from "zod";
import { askingOf, idempotent, note } from "#/http/asking.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import { changePlan, type PlanChangePreview, previewPlanChange } from "#/support/change-plan.ts";
import { claim } from "#/support/claim.ts";
import { unclaimed } from "#/support/unclaimed.ts";

/** What support does about subscriptions. */

export const changePlanBody = z.strictObject({
  when: z.enum(["now", "period_end"]),
  productKey: z.string().optional(),
  price: z.string().optional(),
  quantity: z.int("A quantity is a whole number.").min(1, "A quantity is at least 1.").optional(),
  note,
});
export const planChangeQuestion = changePlanBody.omit({ note: true });
export const claimBody = z.strictObject({ userId: z.string().min(1, "Name the user.").max(300), note });

export const postChangePlan = endpoint({
  summary: "Another plan, price or quantity, at once or when the period is over",
  takes: {
    params: id,
    headers: idempotent,
    body: changePlanBody,
  },
  example: { when: "period_end", price: "year" },
  answers: json(z.object({ state: z.enum(["asked", "made"]) })),
  handle: async (c, { params, body }) => {
    const changed = await changePlan(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return changed.ok ? { state: changed.state } : changed;
  },
});

const planChangePreview: z.ZodType<PlanChangePreview> = z.object({
  currency: z.string(),
  prorated: z
    .int()
    .describe(
      "For the rest of the period, in minor units: charged above zero, credited below. Part of the bill.",
    ),
  bill: z
    .object({ amount: z.int(), at: z.iso.datetime().nullable() })
    .describe("The next bill as it would be: what is due, and when; null where it is charged at once."),
  each: z
    .object({
      amount: z.int(),
      interval: z.string().describe("day, week, month or year."),
      intervalCount: z.int(),
    })
    .describe("What the plan costs from then on, before discounts and taxes."),
});

export const postPreviewPlanChange = endpoint({
  summary: "What Stripe would charge or credit for another plan, price or quantity; nothing is changed",
  takes: { params: id, body: planChangeQuestion },
  example: { when: "now", quantity: 5 },
  answers: json(planChangePreview),
  handle: async (c, { params, body }) => {
    const preview = await previewPlanChange(c.var.engine, params.id, body);
    if (!preview.ok) return preview;
    const { ok: _, ...told } = preview;
    return told;
  },
});

export const postClaim = endpoint({
  summary: "Gives a subscription that was made at Stripe by hand an order, and its plan to a user",
  takes: {
    params: z.object({ id: z.string().max(255) }),
    headers: idempotent,
    body: claimBody,
  },
  example: { userId: "ada" },
  answers: json(z.object({ orderId: z.uuid() })),
  handle: async (c, { params, body }) => {
    const claimed = await claim(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return claimed.ok ? { orderId: claimed.orderId } : claimed;
  },
});

export const getUnclaimed = endpoint({
  summary: "Subscriptions to plans of the catalog that nobody has claimed",
  answers: json(
    z.object({
      subscriptions: z.array(
        z.object({
          subscriptionId: z.string(),
          customerId: z.string().nullable(),
          productKey: z.string(),
          status: z.string(),
          userId: z.string().nullable(),
          refused: z.string().nullable(),
          seenAt: z.iso.datetime(),
        }),
      ),
    }),
  ),
  handle: async (c) => ({ subscriptions: await unclaimed(c.var.engine) }),
});
