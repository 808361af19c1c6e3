import { validate as isUuid } from "uuid";
import type { Caller } from "#/caller.ts";
import { inTransaction } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";
import { lockPlan } from "#/plans/plan.ts";

/** What who was invited to a plan does with the invitation. */

const NO_INVITATION = failure("not_found", "This invitation doesn't exist, or it was withdrawn.");

/** An invitation as its mail and the page behind its link show it. Times are ISO 8601 in UTC. */
export type Invitation = {
  seatId: string;
  email: string;
  productKey: string;
  /** The owner's address, where one is known. */
  invitedBy: string | null;
  state: "open" | "joined" | "expired";
  expiresAt: string;
};

/** Undefined when there is none, when it was withdrawn, and when its plan has ended. */
export async function invitationOf(engine: Engine, seatId: string): Promise<Invitation | undefined> {
  if (!isUuid(seatId)) return undefined;
  const { rows } = await engine.database.query<InvitationRow>(
    `select s.id, s.email, e.product_key, s.joined_at, s.expires_at,
            coalesce(s.invited_by, lower(o.email)) as invited_by, s.expires_at <= now() as expired
       from oncepaid.seat s
       join oncepaid."order" o on o.id = s.order_id
       join oncepaid.entitlement e on e.order_id = o.id and e.kind = 'plan' and e.state <> 'ended'
      where s.id = $1 and coalesce(s.end_reason, '') not in ('removed', 'left')`,
    [seatId],
  );
  const [row] = rows;
  if (!row) return undefined;
  return {
    seatId: row.id,
    email: row.email,
    productKey: row.product_key,
    invitedBy: row.invited_by,
    state: row.joined_at ? "joined" : row.expired ? "expired" : "open",
    expiresAt: row.expires_at.toISOString(),
  };
}

/** Takes the seat an invitation keeps, for the account of the address it was sent to. Accepting twice is accepting once. */
export async function acceptSeat(
  engine: Engine,
  seatId: string,
  caller: Caller,
): Promise<{ ok: true } | Failure> {
  if (caller.kind === "server") return failure("forbidden", "Only who was invited can accept.");
  if (caller.kind === "nobody" || caller.email === null) {
    return failure("unauthenticated", "Sign in with the address the invitation was sent to.");
  }
  const { userId, email } = caller;
  const orderId = isUuid(seatId) ? await orderOfSeat(engine, seatId) : undefined;
  if (orderId === undefined) return NO_INVITATION;
  return inTransaction(engine.database, async (client) => {
    const plan = await lockPlan(client, orderId);
    const { rows } = await client.query<AcceptedRow>(
      `select s.email, s.user_id, s.ended_at is not null and s.end_reason <> 'expired' as withdrawn,
              s.expires_at <= now() as expired,
              (select count(*)::int from oncepaid.seat m where m.order_id = s.order_id and m.joined_at is not null
                  and m.ended_at is null) as members
         from oncepaid.seat s where s.id = $1 for update`,
      [seatId],
    );
    const [seat] = rows;
    if (!seat || seat.withdrawn) return NO_INVITATION;
    if (seat.email !== email) return failure("forbidden", "This invitation was sent to another address.");
    if (seat.user_id === userId) return { ok: true };
    if (seat.expired) {
      return failure("invitation_expired", "This invitation has run out; ask for a new one.");
    }
    if (!plan || plan.state === "ended") return failure("plan_ended", "This plan has ended.");
    if (plan.ownerId === userId) return failure("already_subscribed", "This plan is yours already.");
    // The plan may have got fewer seats since it was sent.
    if (seat.members >= plan.quantity) {
      return failure("no_seat_left", "This plan has no seat left; ask whoever invited you.");
    }
    await client.query("update oncepaid.seat set user_id = $2, joined_at = now() where id = $1", [
      seatId,
      userId,
    ]);
    return { ok: true };
  });
}

/** A member gives the seat back. */
export async function leaveSeat(
  engine: Engine,
  seatId: string,
  caller: Caller,
): Promise<{ ok: true } | Failure> {
  const userId = caller.kind === "user" && isUuid(seatId) ? caller.userId : undefined;
  if (userId === undefined) return NO_INVITATION;
  const { rowCount } = await engine.database.query(
    `update oncepaid.seat set ended_at = now(), end_reason = 'left' where id = $1 and user_id = $2 and ended_at is null`,
    [seatId, userId],
  );
  return rowCount ? { ok: true } : NO_INVITATION;
}

type InvitationRow = {
  id: string;
  email: string;
  product_key: string;
  invited_by: string | null;
  joined_at: Date | null;
  expires_at: Date;
  expired: boolean;
};

type AcceptedRow = {
  email: string;
  user_id: string | null;
  withdrawn: boolean;
  expired: boolean;
  members: number;
};

async function orderOfSeat(engine: Engine, seatId: string): Promise<string | undefined> {
  const { rows } = await engine.database.query<{ order_id: string }>(
    "select order_id from oncepaid.seat where id = $1",
    [seatId],
  );
  return rows[0]?.order_id;
}
