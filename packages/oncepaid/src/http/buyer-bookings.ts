import { z } from "zod";
import { actorOf, mayChange, maySee } from "#/caller.ts";
import { askingOf, idempotent } from "#/http/asking.ts";
import type { Context } from "#/http/context.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import { NO_ORDER } from "#/http/orders.ts";
import { ownerOf } from "#/purchases/orders.ts";
import { BUYER } from "#/support/action.ts";
import { type BookingChoices, bookingChoices, cancelBooking } from "#/support/cancel-booking.ts";
import { moveBooking } from "#/support/move-booking.ts";

/** What buyers do about their bookings themselves, by the rules of the product. */

const choices: z.ZodType<BookingChoices> = z.object({
  until: z.iso.datetime().nullable().describe("Null where only whoever offers the date changes a booking."),
  move: z.boolean(),
  cancel: z.boolean(),
  refund: z.int().describe("What canceling gives back, in minor units."),
  canceling: z.boolean().describe("It was canceled, and Stripe has not told of the refund yet."),
});

export const getBooking = endpoint({
  summary: "What the buyer of a booking may do about it, and until when",
  takes: { params: id },
  answers: json(choices),
  handle: async (c, { params }) => {
    const owner = await ownerOf(c.var.engine, params.id);
    if (owner === undefined || !maySee(c.var.caller, owner)) return NO_ORDER;
    return (await bookingChoices(c.var.engine, params.id)) ?? NO_ORDER;
  },
});

export const newDate = z.strictObject({ slotId: z.uuid("Name the date: one of GET /api/slots.") });

export const postMoveBooking = endpoint({
  summary: "Moves a booking to another date of its product, as far as its rules let buyers",
  takes: {
    params: id,
    headers: idempotent,
    body: newDate,
  },
  example: { slotId: "01890a5d-ac96-774b-bcce-b302099a8057" },
  answers: json(z.object({ moved: z.literal(true) })),
  handle: async (c, { params, body }) => {
    const by = await whoChanges(c, params.id);
    if (by === undefined) return NO_ORDER;
    const moved = await moveBooking(c.var.engine, params.id, { ...body, ...askingOf(c), by });
    return moved.ok ? { moved: true as const } : moved;
  },
});

export const postCancelBooking = endpoint({
  summary: "Gives a booking up, with the refund that its rules promise",
  takes: { params: id, headers: idempotent },
  answers: json(z.object({ refund: z.int(), state: z.enum(["asked", "made"]) })),
  handle: async (c, { params }) => {
    const by = await whoChanges(c, params.id);
    if (by === undefined) return NO_ORDER;
    const canceled = await cancelBooking(c.var.engine, params.id, { ...askingOf(c), by });
    return canceled.ok ? { refund: canceled.refund, state: canceled.state } : canceled;
  },
});

/** As the timeline names them; undefined for whom the order doesn't exist. */
async function whoChanges(c: Context, orderId: string): Promise<string | undefined> {
  const { caller } = c.var;
  const owner = await ownerOf(c.var.engine, orderId);
  if (owner === undefined || !mayChange(caller, owner)) return undefined;
  return caller.kind === "user" && caller.userId === owner ? BUYER : actorOf(caller);
}
