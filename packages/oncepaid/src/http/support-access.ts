import { z } from "zod";
import type { Engine } from "#/engine.ts";
import { failure } from "#/failure.ts";
import { askingOf, idempotent, note, noteBody } from "#/http/asking.ts";
import { emailAddress } from "#/http/email.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import { move } from "#/purchases/move.ts";
import { viewOrder } from "#/purchases/orders.ts";
import type { Asking } from "#/support/action.ts";
import { end, restore } from "#/support/end.ts";
import { grant } from "#/support/grant.ts";

/** What support does about access: to whom it belongs, and since when and until when. */

const userId = z.string().min(1, "Name the user.").max(300, "A user's id has at most 300 characters.");

export const grantBody = z.strictObject({
  userId: userId.optional(),
  email: emailAddress.optional(),
  productKey: z.string(),
  until: z.iso.datetime({ offset: true, error: "A time in ISO 8601: 2031-01-01T00:00:00Z" }).optional(),
  note,
});

export const postGrant = endpoint({
  summary: "Gives a product to a user, or to whoever proves to read an address, without an order",
  takes: {
    headers: idempotent,
    body: grantBody,
  },
  example: { userId: "ada", productKey: "ebook", until: "2031-01-01T00:00:00Z", note: "For the review." },
  answers: json(z.object({ entitlementId: z.uuid() })),
  handle: async (c, { body }) => given(await giveAccess(c.var.engine, body, askingOf(c))),
});

/** What was checked, as it is asked for: to a user or to an address, never to both. */
export async function giveAccess(
  engine: Engine,
  { userId, email, until, ...rest }: z.output<typeof grantBody>,
  who: Asking,
): ReturnType<typeof grant> {
  const request = { ...rest, ...who, ...(until !== undefined && { until: new Date(until) }) };
  if (userId !== undefined && email === undefined) return grant(engine, { ...request, userId });
  if (email !== undefined && userId === undefined) return grant(engine, { ...request, email });
  return failure("invalid_request", "Name either a userId or an email.");
}

function given(granted: Awaited<ReturnType<typeof grant>>) {
  return granted.ok ? { entitlementId: granted.entitlementId } : granted;
}

export const postEndAccess = endpoint({
  summary: "Ends access that was bought or given, whatever Stripe says later",
  takes: { params: id, headers: idempotent, body: noteBody.optional() },
  example: { note: "As agreed." },
  answers: json(z.object({ access: z.literal("ended") })),
  handle: async (c, { params, body }) => {
    const ended = await end(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return ended.ok ? { access: "ended" as const } : ended;
  },
});

export const postRestoreAccess = endpoint({
  summary: "Takes that back: the order's payments decide again, or until when it was given",
  takes: { params: id, headers: idempotent, body: noteBody.optional() },
  example: { note: "It was another one." },
  answers: json(z.object({ access: z.literal("restored") })),
  handle: async (c, { params, body }) => {
    const restored = await restore(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return restored.ok ? { access: "restored" as const } : restored;
  },
});

const NO_ORDER = failure("not_found", "There is no such order.");

export const postMove = endpoint({
  summary: "An order becomes another user's, with what it gives",
  takes: { params: id, body: z.strictObject({ to: userId, note }) },
  example: { to: "ada" },
  answers: json(z.object({ moved: z.int() })),
  handle: async (c, { params, body: { to, note } }) => {
    const { by } = askingOf(c);
    if (!(await viewOrder(c.var.engine, params.id, c.var.caller))) return NO_ORDER;
    const moved = await move(c.var.engine, {
      orderId: params.id,
      to,
      by,
      ...(note !== undefined && { note }),
    });
    return { moved };
  },
});
