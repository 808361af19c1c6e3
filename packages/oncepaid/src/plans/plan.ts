import type { Caller } from "#/caller.ts";
import type { Executor } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import { type Failure, failure } from "#/failure.ts";

/**
 * A plan that was bought, with the seats its members take. The buyer has the plan too, beside them. Members hang on the
 * order, so they stay when the subscription is changed to another plan. Times are ISO 8601 in UTC.
 */
export type Plan = {
  /** What the order grants now; the same order may have granted another plan before. */
  entitlementId: string;
  productKey: string;
  state: string;
  reason: string | null;
  endsAt: string | null;
  /** Seats that are paid, and how many of them neither a member nor an invitation takes. */
  quantity: number;
  seatsLeft: number;
};

export type OwnedPlan = Plan & {
  orderId: string;
  ownerId: string;
  /** The address it was paid under, as Stripe collected it. */
  ownerEmail: string | null;
};

export const NO_PLAN = failure("not_found", "There is no such plan.");

type Row = {
  order_id: string;
  owner_id: string;
  owner_email: string | null;
  entitlement_id: string;
  product_key: string;
  state: string;
  reason: string | null;
  ends_at: Date | null;
  quantity: number;
  taken: number;
};

/** Seats that are taken: by members, and by invitations that can still be accepted. */
const TAKES_A_SEAT = "s.ended_at is null and (s.joined_at is not null or s.expires_at > now())";

/** The plan of an order as it is now; of several entitlements the one that hasn't ended. */
const PLAN = `
  select o.id as order_id, o.user_id as owner_id, p.id as entitlement_id, p.product_key, p.state, p.reason, p.ends_at,
         p.quantity,
         lower(o.email) as owner_email,
         (select count(*)::int from oncepaid.seat s where s.order_id = o.id and ${TAKES_A_SEAT}) as taken
    from oncepaid."order" o
    join lateral (select * from oncepaid.entitlement e where e.order_id = o.id and e.kind = 'plan'
                   order by (e.state <> 'ended') desc, e.id desc limit 1) p on true`;

export async function planOfEntitlement(
  engine: Engine,
  entitlementId: string,
): Promise<OwnedPlan | undefined> {
  const { rows } = await engine.database.query<Row>(
    `${PLAN} where o.id = (select order_id from oncepaid.entitlement where id = $1::uuid and kind = 'plan')`,
    [entitlementId],
  );
  return rows[0] && toPlan(rows[0]);
}

/** The same, with the order locked: until the transaction ends nobody else gives a seat of it or changes its quantity. */
export async function lockPlan(client: Executor, orderId: string): Promise<OwnedPlan | undefined> {
  // A statement of its own: what is counted afterwards is what the others committed before this lock was given.
  await client.query(`select from oncepaid."order" where id = $1 for no key update`, [orderId]);
  const { rows } = await client.query<Row>(`${PLAN} where o.id = $1`, [orderId]);
  return rows[0] && toPlan(rows[0]);
}

/** An invitation names who invites, so it needs an address that was proven. */
export function mayInvite(caller: Caller): Failure | undefined {
  if (caller.kind === "server" || (caller.kind === "user" && caller.email !== null)) return undefined;
  return failure("unauthenticated", "Sign in with your e-mail address first; the invitation names it.");
}

/** What everybody may know of it. */
export function visible({ orderId: _, ownerId: __, ownerEmail: ___, ...plan }: OwnedPlan): Plan {
  return plan;
}

function toPlan(row: Row): OwnedPlan {
  return {
    orderId: row.order_id,
    ownerId: row.owner_id,
    ownerEmail: row.owner_email,
    entitlementId: row.entitlement_id,
    productKey: row.product_key,
    state: row.state,
    reason: row.reason,
    endsAt: row.ends_at?.toISOString() ?? null,
    quantity: row.quantity,
    seatsLeft: row.state === "ended" ? 0 : Math.max(row.quantity - row.taken, 0),
  };
}
