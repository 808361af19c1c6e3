import { z } from "zod";
import type { Caller } from "#/caller.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { answerFailure } from "#/http/answer.ts";
import { readBody } from "#/http/body.ts";
import { identify } from "#/http/caller.ts";
import type { Context } from "#/http/context.ts";
import { emailAddress } from "#/http/email.ts";
import { languageOf } from "#/http/language.ts";
import { checkOrigin } from "#/http/origin.ts";
import { countOne } from "#/http/rate-limit.ts";
import { acceptSeat, leaveSeat } from "#/plans/membership.ts";
import { invite, listSeats, removeSeat, resendInvitation } from "#/plans/seats.ts";

const TOO_MANY = failure(
  "too_many_requests",
  "Too many invitations for today, from this plan or to this address; try again tomorrow.",
);

/** → `{ plan, seats }` */
export async function getSeats(c: Context): Promise<Response> {
  const caller = await identify(c.var.engine, c.req.raw.headers);
  if ("ok" in caller) return answerFailure(c, caller);
  const listed = await listSeats(c.var.engine, idOf(c, "id"), caller);
  c.header("cache-control", "no-store");
  return listed.ok ? c.json({ plan: listed.plan, seats: listed.seats }) : answerFailure(c, listed);
}

/** `{ email }` → `{ seat }`, and an invitation in the mail. */
export async function postSeat(c: Context): Promise<Response> {
  const caller = await identifyChanging(c);
  if ("ok" in caller) return answerFailure(c, caller);
  const body = await readBody(c, z.strictObject({ email: emailAddress }));
  if (!body.ok) return answerFailure(c, body);
  const { email } = body.data;
  if (!(await mayMail(c.var.engine, caller, email))) return answerFailure(c, TOO_MANY);
  const invited = await invite(
    c.var.engine,
    idOf(c, "id"),
    email,
    caller,
    languageOf(c.var.engine.settings.locales, c.req.raw.headers),
  );
  return invited.ok ? c.json({ seat: invited.seat }) : answerFailure(c, invited);
}

/** → `{ success: true }`, and the same invitation in the mail once more. */
export async function postResend(c: Context): Promise<Response> {
  const caller = await identifyChanging(c);
  if ("ok" in caller) return answerFailure(c, caller);
  const listed = await listSeats(c.var.engine, idOf(c, "id"), caller);
  if (!listed.ok) return answerFailure(c, listed);
  const email = listed.seats.find(({ id }) => id === c.req.param("seatId"))?.email;
  if (email !== undefined && !(await mayMail(c.var.engine, caller, email))) return answerFailure(c, TOO_MANY);
  const locale = languageOf(c.var.engine.settings.locales, c.req.raw.headers);
  return done(c, await resendInvitation(c.var.engine, idOf(c, "id"), idOf(c, "seatId"), caller, locale));
}

export async function deleteSeat(c: Context): Promise<Response> {
  const caller = await identifyChanging(c);
  if ("ok" in caller) return answerFailure(c, caller);
  return done(c, await removeSeat(c.var.engine, idOf(c, "id"), idOf(c, "seatId"), caller));
}

export async function postAccept(c: Context): Promise<Response> {
  const caller = await identifyChanging(c);
  if ("ok" in caller) return answerFailure(c, caller);
  return done(c, await acceptSeat(c.var.engine, idOf(c, "seatId"), caller));
}

export async function postLeave(c: Context): Promise<Response> {
  const caller = await identifyChanging(c);
  if ("ok" in caller) return answerFailure(c, caller);
  return done(c, await leaveSeat(c.var.engine, idOf(c, "seatId"), caller));
}

function idOf(c: Context, name: string): string {
  return c.req.param(name) ?? "";
}

async function identifyChanging(c: Context): Promise<Caller | Failure> {
  const headers = c.req.raw.headers;
  const caller = await identify(c.var.engine, headers);
  if ("ok" in caller || caller.kind === "server") return caller;
  return checkOrigin(c.var.engine, headers) ?? caller;
}

/** Counted before the mail is written, so that many at once can't slip through. Servers are trusted with load. */
async function mayMail(engine: Engine, caller: Caller, to: string): Promise<boolean> {
  if (caller.kind !== "user") return true;
  return (
    (await countOne(engine, "invitation_from_owner", caller.userId)) &&
    countOne(engine, "invitation_to_address", to)
  );
}

function done(c: Context, result: { ok: true } | Failure): Response {
  return result.ok ? c.json({ success: true }) : answerFailure(c, result);
}
