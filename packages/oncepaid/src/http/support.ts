import { z } from "zod";
import { askingOf, idempotent, note, noteBody } from "#/http/asking.ts";
import { newDate } from "#/http/buyer-bookings.ts";
import { emailAddress } from "#/http/email.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import { cancel } from "#/support/cancel.ts";
import { correct } from "#/support/correct.ts";
import { moveForBuyer } from "#/support/move-booking.ts";
import { refund } from "#/support/refund.ts";
import { resend } from "#/support/resend.ts";
import { review } from "#/support/review.ts";

/** What support does about an order. An `Idempotency-Key` makes a repetition harmless. */

const state = z.enum(["asked", "made"]);

export const refundBody = z.strictObject({
  amount: z.int("An amount is a whole number of minor units.").min(1, "An amount is at least 1.").optional(),
  items: z
    .array(z.strictObject({ productKey: z.string(), quantity: z.int().min(1).optional() }))
    .min(1, "Name at least one line.")
    .max(20, "An order has at most 20 lines.")
    .optional(),
  reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
  note,
});
export const cancelBody = z.strictObject({ when: z.enum(["now", "period_end"]), note });
export const moveBody = newDate.extend({ note });
export const emailBody = z.strictObject({ email: emailAddress, note });

export const postRefund = endpoint({
  summary: "Gives money back: an amount, some lines, or everything that is left",
  takes: {
    params: id,
    headers: idempotent,
    body: refundBody,
  },
  example: { amount: 500, reason: "requested_by_customer", note: "The second chapter is missing." },
  answers: json(z.object({ refund: z.object({ id: z.uuid(), amount: z.int(), state }) })),
  handle: async (c, { params, body }) => {
    const made = await refund(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return made.ok ? { refund: made.refund } : made;
  },
});

export const postCancel = endpoint({
  summary: "Ends the plan of an order, now or when its period ends",
  takes: {
    params: id,
    headers: idempotent,
    body: cancelBody,
  },
  example: { when: "period_end" },
  answers: json(z.object({ state })),
  handle: async (c, { params, body }) => {
    const canceled = await cancel(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return canceled.ok ? { state: canceled.state } : canceled;
  },
});

export const postMoveForBuyer = endpoint({
  summary: "Moves a booking to another date of its product, also where its buyer can't any more",
  takes: {
    params: id,
    headers: idempotent,
    body: moveBody,
  },
  example: { slotId: "01890a5d-ac96-774b-bcce-b302099a8057", note: "She is ill." },
  answers: json(z.object({ moved: z.literal(true) })),
  handle: async (c, { params, body }) => {
    const moved = await moveForBuyer(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return moved.ok ? { moved: true as const } : moved;
  },
});

export const postEmail = endpoint({
  summary: "Corrects the address an order's mail goes to",
  takes: { params: id, headers: idempotent, body: emailBody },
  example: { email: "ada@example.com" },
  answers: json(z.object({ corrected: z.literal(true) })),
  handle: async (c, { params, body }) => {
    const corrected = await correct(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return corrected.ok ? { corrected: true as const } : corrected;
  },
});

export const postReview = endpoint({
  summary: "Says that somebody has looked at a bank's warning of fraud",
  takes: { params: id, headers: idempotent, body: noteBody.optional() },
  example: { note: "Known customer, I called." },
  answers: json(z.object({ reviewed: z.literal(true) })),
  handle: async (c, { params, body }) => {
    const reviewed = await review(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return reviewed.ok ? { reviewed: true as const } : reviewed;
  },
});

export const postReceipt = endpoint({
  summary: "Sends the buyer the receipt of an order once more",
  takes: { params: id, headers: idempotent, body: noteBody.optional() },
  example: { note: "She lost it." },
  answers: json(z.object({ wanted: z.literal(true) })),
  handle: async (c, { params, body }) => {
    const wanted = await resend(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return wanted.ok ? { wanted: true as const } : wanted;
  },
});
