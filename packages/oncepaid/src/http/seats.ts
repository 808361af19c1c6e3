import { z } from "zod";
import type { Caller } from "#/caller.ts";
import { buyerId } from "#/checkout/user-id.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import type { Context } from "#/http/context.ts";
import { emailAddress } from "#/http/email.ts";
import { endpoint, json } from "#/http/endpoint.ts";
import { id } from "#/http/id.ts";
import { languageOf } from "#/http/language.ts";
import { countOne } from "#/http/rate-limit.ts";
import { acceptSeat, leaveSeat } from "#/plans/membership.ts";
import type { Plan } from "#/plans/plan.ts";
import { invite, listSeats, removeSeat, resendInvitation, type Seat } from "#/plans/seats.ts";

const TOO_MANY = failure(
  "too_many_requests",
  "Too many invitations for today, from this plan or to this address; try again tomorrow.",
);

const NOT_A_SERVER = failure("unauthenticated", "Only a server with an API key may name a userId.");

const seatView: z.ZodType<Seat> = z.object({
  id: z.uuid(),
  email: z.string(),
  state: z.enum(["invited", "active", "suspended"]),
  invitedAt: z.iso.datetime(),
  joinedAt: z.iso.datetime().nullable(),
});

const planView: z.ZodType<Plan> = z.object({
  entitlementId: z.uuid(),
  productKey: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  endsAt: z.iso.datetime().nullable(),
  quantity: z.int(),
  seatsLeft: z.int(),
});

const seatOfPlan = id.extend({ seatId: z.string() });
const seat = z.object({ seatId: z.string() });
const success = json(z.object({ success: z.literal(true) }));

export const getSeats = endpoint({
  summary: "A plan and the seats its members take",
  takes: { params: id },
  answers: json(z.object({ plan: planView, seats: z.array(seatView) })),
  handle: async (c, { params }) => {
    const listed = await listSeats(c.var.engine, params.id, c.var.caller);
    return listed.ok ? { plan: listed.plan, seats: listed.seats } : listed;
  },
});

export const invitation = z.strictObject({ email: emailAddress });

export const postSeat = endpoint({
  summary: "Gives a seat to an address, and mails the invitation",
  takes: { params: id, body: invitation },
  example: { email: "bob@example.com" },
  answers: json(z.object({ seat: seatView })),
  handle: async (c, { params, body: { email } }) => {
    const { engine, caller } = c.var;
    if (!(await mayMail(engine, caller, email))) return TOO_MANY;
    const invited = await invite(engine, params.id, email, caller, wantedLanguage(c));
    return invited.ok ? { seat: invited.seat } : invited;
  },
});

export const postResend = endpoint({
  summary: "Mails the same invitation once more",
  takes: { params: seatOfPlan },
  answers: success,
  handle: async (c, { params }) => {
    const { engine, caller } = c.var;
    const listed = await listSeats(engine, params.id, caller);
    if (!listed.ok) return listed;
    const email = listed.seats.find(({ id }) => id === params.seatId)?.email;
    if (email !== undefined && !(await mayMail(engine, caller, email))) return TOO_MANY;
    return done(await resendInvitation(engine, params.id, params.seatId, caller, wantedLanguage(c)));
  },
});

export const deleteSeat = endpoint({
  summary: "Takes a seat back from its member, or an invitation",
  takes: { params: seatOfPlan },
  answers: success,
  handle: async (c, { params }) =>
    done(await removeSeat(c.var.engine, params.id, params.seatId, c.var.caller)),
});

/** A server does it for one of its own users, whom it names; browsers do it for themselves, and name nobody. */
export const leaving = z.strictObject({ userId: buyerId });
export const accepting = leaving.extend({ email: emailAddress });

export const postAccept = endpoint({
  summary: "Takes the seat one was invited to; a server names its user, with the address it has verified",
  takes: { params: seat, body: accepting.partial().optional() },
  example: { userId: "bob", email: "bob@example.com" },
  answers: success,
  handle: async (c, { params, body }) => {
    const user = memberOf(c.var.caller, body);
    return "ok" in user ? user : done(await acceptSeat(c.var.engine, params.seatId, user));
  },
});

export const postLeave = endpoint({
  summary: "Gives one's own seat back; a server names its user",
  takes: { params: seat, body: leaving.partial().optional() },
  example: { userId: "bob" },
  answers: success,
  handle: async (c, { params, body }) => {
    const user = memberOf(c.var.caller, body);
    return "ok" in user ? user : done(await leaveSeat(c.var.engine, params.seatId, user));
  },
});

type Named = { userId?: string | undefined; email?: string | undefined };

function memberOf(caller: Caller, named: Named = {}): Caller | Failure {
  if (named.userId === undefined && named.email === undefined) return caller;
  if (caller.kind !== "server") return NOT_A_SERVER;
  if (named.userId === undefined) return failure("invalid_request", "Name the userId.");
  return { kind: "user", userId: named.userId, email: named.email ?? null, isOperator: false };
}

function wantedLanguage(c: Context): string {
  return languageOf(c.var.engine.settings.locales, c.req.raw.headers);
}

/** Counted before the mail is written, so that many at once can't slip through. Servers are trusted with load. */
async function mayMail(engine: Engine, caller: Caller, to: string): Promise<boolean> {
  if (caller.kind !== "user") return true;
  return (
    (await countOne(engine, "invitation_from_owner", caller.userId)) &&
    countOne(engine, "invitation_to_address", to)
  );
}

function done(result: { ok: true } | Failure): { success: true } | Failure {
  return result.ok ? { success: true } : result;
}
