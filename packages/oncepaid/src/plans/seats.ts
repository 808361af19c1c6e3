import { validate as isUuid, v4 as uuidv4 } from "uuid";
import { writeAct } from "#/audit/write.ts";
import { actorOf, type Caller, mayChange, maySee } from "#/caller.ts";
import { type Executor, inTransaction, type Transaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { tell } from "#/outbox/tell.ts";
import {
  lockPlan,
  mayInvite,
  NO_PLAN,
  type OwnedPlan,
  type Plan,
  planOfEntitlement,
  visible,
} from "#/plans/plan.ts";

/** What the owner of a plan does with its seats. Times are ISO 8601 in UTC. */
export type Seat = {
  id: string;
  email: string;
  /** `suspended`: the plan rests or has ended, or it has fewer seats now and this member joined last. */
  state: "invited" | "active" | "suspended";
  invitedAt: string;
  joinedAt: string | null;
};

/** How long an invitation keeps its seat; PostgreSQL's words. */
const INVITATION = "14 days";

const NO_SEAT = failure("not_found", "There is no such seat.");
const NO_SEAT_LEFT = failure(
  "no_seat_left",
  "All seats of this plan are taken: remove a member, withdraw an invitation, or buy more seats.",
);

export async function listSeats(
  engine: Engine,
  entitlementId: string,
  caller: Caller,
): Promise<{ ok: true; plan: Plan; seats: Seat[] } | Failure> {
  const plan = await planFor(engine, caller, entitlementId, maySee);
  if (!plan) return NO_PLAN;
  const { rows } = await engine.database.query<SeatRow>(
    `select s.id, s.email, s.invited_at, s.joined_at, rank() over (order by s.joined_at, s.id)::int as rank
       from oncepaid.seat s
      where s.order_id = $1 and s.ended_at is null and (s.joined_at is not null or s.expires_at > now())
      order by s.joined_at nulls last, s.invited_at, s.id`,
    [plan.orderId],
  );
  return { ok: true, plan: visible(plan), seats: rows.map((row) => toSeat(row, plan)) };
}

/**
 * Gives a seat to an address and mails the invitation, both or neither. However many do so at once on however many
 * machines, a plan never has more members and invitations than seats.
 */
export async function invite(
  engine: Engine,
  entitlementId: string,
  email: string,
  caller: Caller,
  locale: string,
): Promise<{ ok: true; seat: Seat } | Failure> {
  const found = await planFor(engine, caller, entitlementId);
  if (!found) return NO_PLAN;
  const refused = mayInvite(caller);
  if (refused) return refused;
  return inTransaction(engine.database, async (client) => {
    const plan = await lockPlan(client, found.orderId);
    if (!plan || plan.state === "ended") return failure("plan_ended", "This plan has ended.");
    const inviter = caller.kind === "user" && !caller.isOperator ? caller.email : plan.ownerEmail;
    if (email === inviter) {
      return failure(
        "invalid_request",
        "That is your own address: you have the plan already, beside its seats.",
      );
    }
    await endExpired(client, plan.orderId);
    const { rows: same } = await client.query<{ joined: boolean }>(
      `select joined_at is not null as joined from oncepaid.seat where order_id = $1 and email = $2 and ended_at is null`,
      [plan.orderId, email],
    );
    if (same[0]) {
      return failure(
        "already_invited",
        same[0].joined ? "That person is a member already." : "That address is invited already.",
      );
    }
    if (plan.seatsLeft === 0) return NO_SEAT_LEFT;
    const { rows } = await client.query<SeatRow>(
      `insert into oncepaid.seat (id, order_id, number, email, expires_at, invited_by)
       select $1, $2, n, $3, now() + $4::interval, $6::text
         from generate_series(1, $5::integer) n
        where not exists (select from oncepaid.seat s where s.order_id = $2 and s.number = n and s.ended_at is null)
        order by n limit 1
       returning id, email, invited_at, joined_at, 0 as rank`,
      [uuidv4(), plan.orderId, email, INVITATION, plan.quantity, inviter],
    );
    const [row] = rows;
    if (!row) throw new Error(`Plan ${plan.entitlementId} has a seat left but no number for it.`);
    await sendInvitation(engine, client, plan.orderId, { seatId: row.id, times: 1, locale });
    await noteAct(client, caller, plan, "seat.invited", row.id);
    return { ok: true, seat: toSeat(row, plan) };
  });
}

/** Mails an invitation that wasn't accepted yet once more; it is good for another 14 days. */
export async function resendInvitation(
  engine: Engine,
  entitlementId: string,
  seatId: string,
  caller: Caller,
  locale: string,
): Promise<{ ok: true; email: string } | Failure> {
  const plan = isUuid(seatId) && (await planFor(engine, caller, entitlementId));
  if (!plan) return NO_SEAT;
  const refused = mayInvite(caller);
  if (refused) return refused;
  return inTransaction(engine.database, async (client) => {
    const { rows } = await client.query<{ email: string; mails: number }>(
      `update oncepaid.seat set mails = mails + 1, expires_at = now() + $3::interval
        where id = $1 and order_id = $2 and ended_at is null and joined_at is null and expires_at > now()
       returning email, mails`,
      [seatId, plan.orderId, INVITATION],
    );
    const [row] = rows;
    if (!row) return NO_SEAT;
    await sendInvitation(engine, client, plan.orderId, { seatId, times: row.mails, locale });
    await noteAct(client, caller, plan, "seat.invited_again", seatId);
    return { ok: true, email: row.email };
  });
}

/** Takes the seat from a member, or withdraws an invitation. */
export async function removeSeat(
  engine: Engine,
  entitlementId: string,
  seatId: string,
  caller: Caller,
): Promise<{ ok: true } | Failure> {
  const plan = isUuid(seatId) && (await planFor(engine, caller, entitlementId));
  if (!plan) return NO_SEAT;
  return inTransaction(engine.database, async (client) => {
    const { rowCount } = await client.query(
      `update oncepaid.seat set ended_at = now(), end_reason = 'removed' where id = $1 and order_id = $2 and ended_at is null`,
      [seatId, plan.orderId],
    );
    if (rowCount === 0) return NO_SEAT;
    await noteAct(client, caller, plan, "seat.removed", seatId);
    return { ok: true };
  });
}

type SeatRow = { id: string; email: string; invited_at: Date; joined_at: Date | null; rank: number };

/** The plan, if the caller looks after it: the owner, a server, an admin. To everybody else it doesn't exist. */
async function planFor(
  engine: Engine,
  caller: Caller,
  entitlementId: string,
  may = mayChange,
): Promise<OwnedPlan | undefined> {
  const plan = isUuid(entitlementId) ? await planOfEntitlement(engine, entitlementId) : undefined;
  return plan && may(caller, plan.ownerId) ? plan : undefined;
}

/**
 * What an operator or a server with a named key does about somebody's plan is written down; what its owner does is the owner's. The
 * seat leads to its address as long as that is kept: the list of acts is never changed, so it has no address in it.
 */
async function noteAct(
  client: Executor,
  caller: Caller,
  { ownerId, orderId, productKey }: OwnedPlan,
  what: string,
  seatId: string,
): Promise<void> {
  if (
    caller.kind === "user" ? caller.userId === ownerId : caller.kind !== "server" || caller.name === undefined
  )
    return;
  await writeAct(client, { by: actorOf(caller), what, about: seatId, details: { orderId, productKey } });
}

/** An invitation nobody accepted in time gives its seat, its number and its address back. */
async function endExpired(client: Executor, orderId: string): Promise<void> {
  await client.query(
    `update oncepaid.seat set ended_at = expires_at, end_reason = 'expired'
      where order_id = $1 and ended_at is null and joined_at is null and expires_at <= now()`,
    [orderId],
  );
}

async function sendInvitation(
  engine: Engine,
  client: Transaction,
  orderId: string,
  { seatId, times, locale }: { seatId: string; times: number; locale: string },
): Promise<void> {
  await tell(engine, client, [{ type: "seat.invited", seatId, times }], { id: orderId, locale });
}

function toSeat({ id, email, invited_at, joined_at, rank }: SeatRow, plan: OwnedPlan): Seat {
  const isSeated = plan.state === "active" && rank <= plan.quantity;
  return {
    id,
    email,
    state: joined_at === null ? "invited" : isSeated ? "active" : "suspended",
    invitedAt: invited_at.toISOString(),
    joinedAt: joined_at?.toISOString() ?? null,
  };
}
