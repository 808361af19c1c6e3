import { z } from "zod";
import { cancelSlot } from "#/bookings/cancel.ts";
import { changeSlot } from "#/bookings/change.ts";
import { createSlot, listSlots, type ManagedSlot } from "#/bookings/manage.ts";
import { rescheduleSlot } from "#/bookings/reschedule.ts";
import { actorOf } from "#/caller.ts";
import { askingOf, idempotent } from "#/http/asking.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import { slotFields } from "#/http/slots.ts";

const managedSlot: z.ZodType<ManagedSlot> = z.object({
  ...slotFields,
  place: z.string(),
  held: z.int(),
  booked: z.int(),
  checkedIn: z.int(),
  closedAt: z.iso.datetime().nullable(),
  canceledAt: z.iso.datetime().nullable(),
});
const oneSlot = z.object({ slot: managedSlot });

const time = z.iso
  .datetime({ offset: true, error: "Send a time as 2027-01-31T18:30:00+05:30." })
  .transform((text) => new Date(text));

const fields = {
  startsAt: time,
  endsAt: time,
  timeZone: z.string("Name a time zone, for example Asia/Kolkata.").refine(isTimeZone, {
    error: "That is no IANA time zone; Asia/Kolkata is one.",
  }),
  place: z
    .string("Say where it takes place: an address or a link.")
    .trim()
    .min(1, "Say where it takes place: an address or a link.")
    .max(500, "A place has at most 500 characters."),
  capacity: z
    .int("The capacity is a whole number.")
    .min(1, "There is at least one place.")
    .max(1_000_000, "That capacity is too large."),
};

export const newSlot = z.strictObject({ productKey: z.string("Name a product by its key."), ...fields });
export const slotChange = z
  .strictObject({ ...fields, closed: z.boolean("Closed is true or false.") })
  .partial();

export const newTime = z.strictObject({ startsAt: time, endsAt: time, timeZone: fields.timeZone.optional() });

export const getAllSlots = endpoint({
  summary: "All dates there ever were, the newest first, with what is held and booked in each",
  answers: json(z.object({ slots: z.array(managedSlot) })),
  handle: async (c) => ({ slots: await listSlots(c.var.engine) }),
});

export const postSlot = endpoint({
  summary: "Sets up a date of a product",
  takes: { headers: idempotent, body: newSlot },
  example: {
    productKey: "workshop",
    startsAt: "2035-05-04T09:00:00Z",
    endsAt: "2035-05-04T12:00:00Z",
    timeZone: "Europe/Berlin",
    place: "Silver Street 12",
    capacity: 8,
  },
  answers: json(oneSlot, 201),
  handle: async (c, { body }) => {
    const created = await createSlot(c.var.engine, body, askingOf(c));
    return created.ok ? { slot: created.slot } : created;
  },
});

export const patchSlot = endpoint({
  summary: "Changes a date; its buyers are told where it concerns them",
  takes: { params: id, body: slotChange },
  example: { place: "Silver Street 14" },
  answers: json(oneSlot),
  handle: async (c, { params, body }) => {
    const changed = await changeSlot(c.var.engine, params.id, body, actorOf(c.var.caller));
    return changed.ok ? { slot: changed.slot } : changed;
  },
});

export const postReschedule = endpoint({
  summary: "Moves a date with everybody who has booked it; each of them is told",
  takes: {
    params: id,
    body: newTime,
  },
  example: { startsAt: "2035-05-11T09:00:00Z", endsAt: "2035-05-11T12:00:00Z" },
  answers: json(oneSlot),
  handle: async (c, { params, body }) => {
    const moved = await rescheduleSlot(c.var.engine, params.id, body, { by: actorOf(c.var.caller) });
    return moved.ok ? { slot: moved.slot } : moved;
  },
});

export const deleteSlot = endpoint({
  summary: "Cancels a date; ?refund=true gives everybody's money back who booked it",
  takes: { params: id, query: z.object({ refund: z.string().optional() }) },
  answers: json(oneSlot.extend({ refunding: z.int() })),
  handle: async (c, { params, query }) => {
    const refund = query.refund === "true";
    const canceled = await cancelSlot(c.var.engine, params.id, refund, actorOf(c.var.caller));
    return canceled.ok ? { slot: canceled.slot, refunding: canceled.refunding } : canceled;
  },
});

/** By its name; an offset (+05:30) is no place on earth and doesn't know summer time. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}
