import { z } from "zod";
import { cancelSlot } from "#/bookings/cancel.ts";
import { changeSlot } from "#/bookings/change.ts";
import { createSlot, listSlots } from "#/bookings/manage.ts";
import { answerFailure, invalidRequest } from "#/http/answer.ts";
import type { Context } from "#/http/context.ts";
import { identifyOperator } from "#/http/operator.ts";

/** → `{ slots }`: all there ever were, the newest date first, with what is held and booked in each. */
export async function getAllSlots(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  return c.json({ slots: await listSlots(c.var.engine) });
}

/** `{ productKey, startsAt, endsAt, timeZone, place, capacity }` → 201 `{ slot }`. */
export async function postSlot(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const slot = newSlot.safeParse(await readJson(c));
  if (!slot.success) return answerFailure(c, invalidRequest(issuesOf(slot.error)));
  const created = await createSlot(c.var.engine, slot.data, operator.name);
  return created.ok ? c.json({ slot: created.slot }, 201) : answerFailure(c, created);
}

/** Any of `{ startsAt, endsAt, timeZone, place, capacity }` → `{ slot }`. */
export async function patchSlot(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const change = slotChange.safeParse(await readJson(c));
  if (!change.success) return answerFailure(c, invalidRequest(issuesOf(change.error)));
  const changed = await changeSlot(c.var.engine, c.req.param("id") ?? "", change.data, operator.name);
  return changed.ok ? c.json({ slot: changed.slot }) : answerFailure(c, changed);
}

/** `?refund=true` gives everybody's money back who booked it. → `{ slot, refunding }`: how many orders that are. */
export async function deleteSlot(c: Context): Promise<Response> {
  const operator = await identifyOperator(c);
  if (!operator.ok) return answerFailure(c, operator);
  const refund = c.req.query("refund") === "true";
  const canceled = await cancelSlot(c.var.engine, c.req.param("id") ?? "", refund, operator.name);
  if (!canceled.ok) return answerFailure(c, canceled);
  return c.json({ slot: canceled.slot, refunding: canceled.refunding });
}

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

const newSlot = z.strictObject({ productKey: z.string("Name a product by its key."), ...fields });
const slotChange = z.strictObject(fields).partial();

/** By its name; an offset (+05:30) is no place on earth and doesn't know summer time. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

function readJson(c: Context): Promise<unknown> {
  return c.req.json().catch(() => undefined);
}

function issuesOf(error: z.ZodError) {
  return error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
}
