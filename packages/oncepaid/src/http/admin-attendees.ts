import { z } from "zod";
import { type AttendeePage, attendeesOf } from "#/bookings/attendees.ts";
import { checkIn } from "#/bookings/check-in.ts";
import { messageAttendees, type SlotMessage } from "#/bookings/message.ts";
import { actorOf } from "#/caller.ts";
import { askingOf, idempotent } from "#/http/asking.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";

const attendeePage: z.ZodType<AttendeePage> = z.object({
  attendees: z.array(
    z.object({
      orderId: z.uuid(),
      name: z.string().nullable(),
      email: z.string().nullable(),
      places: z.int(),
      state: z.enum(["held", "booked", "released", "refused"]),
      checkedInAt: z.iso.datetime().nullable(),
    }),
  ),
  next: z.uuid().nullable().describe("Asks for the page that follows; null where there is none."),
});

export const getAttendees = endpoint({
  summary:
    "Who comes to a date, in the order in which they bought; ?all=true with those who have no place any more",
  takes: {
    params: id,
    query: z.object({
      all: z.string().optional(),
      after: z.uuid("Name `next` of the page before.").optional(),
    }),
  },
  answers: json(attendeePage),
  handle: (c, { params, query: { all, after } }) =>
    attendeesOf(c.var.engine, params.id, { all: all === "true", after }),
});

const slotMessage: z.ZodType<SlotMessage> = z.object({
  id: z.uuid(),
  slotId: z.uuid(),
  subject: z.string(),
  text: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  recipients: z.int(),
});

const words = (name: string, most: number) =>
  z
    .string(`Write the ${name}.`)
    .trim()
    .min(1, `Write the ${name}.`)
    .max(most, `A ${name} has at most ${most.toLocaleString("en")} characters.`);

export const messageBody = z.strictObject({ subject: words("subject", 200), text: words("text", 10_000) });

export const postMessage = endpoint({
  summary: "Writes to everybody who has booked a date, once to each address",
  takes: {
    params: id,
    headers: idempotent,
    body: messageBody,
  },
  example: { subject: "Bring a pencil", text: "Paper is there." },
  answers: json(z.object({ message: slotMessage })),
  handle: async (c, { params, body }) => {
    const sent = await messageAttendees(c.var.engine, params.id, { ...body, ...askingOf(c) });
    return sent.ok ? { message: sent.message } : sent;
  },
});

const checkedIn = json(z.object({ checkedInAt: z.iso.datetime().nullable() }));

export const postCheckIn = endpoint({
  summary: "Says that whoever booked by this order has come",
  takes: { params: id },
  answers: checkedIn,
  handle: async (c, { params }) => {
    const done = await checkIn(c.var.engine, params.id, { by: actorOf(c.var.caller) });
    return done.ok ? { checkedInAt: done.checkedInAt } : done;
  },
});

export const deleteCheckIn = endpoint({
  summary: "Takes that back",
  takes: { params: id },
  answers: checkedIn,
  handle: async (c, { params }) => {
    const done = await checkIn(c.var.engine, params.id, { by: actorOf(c.var.caller), undo: true });
    return done.ok ? { checkedInAt: done.checkedInAt } : done;
  },
});
