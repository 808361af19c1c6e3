import type { Engine } from "#/engine.ts";

/** What a user may use, why, since when and until when. Times are ISO 8601 in UTC. */
export type EntitlementView = {
  id: string;
  productKey: string;
  kind: string;
  state: string;
  quantity: number;
  startsAt: string;
  endsAt: string | null;
  /** Why it is not simply active: `refunded`, `disputed`, `subscription_past_due` … */
  reason: string | null;
  /** Null where it was given without an order. */
  orderId: string | null;
  /** Bought, as a member of somebody's plan (then `id` is the seat's), or given by a person. */
  via: "purchase" | "seat" | "grant";
};

/** Everything a user was ever granted, as a buyer or as a member, ended grants included, newest first. */
export async function entitlementsOf(engine: Engine, userId: string): Promise<EntitlementView[]> {
  const { rows } = await engine.database.query<Row>({ ...OF_USER, values: [userId] });
  return rows.map((row) => ({
    id: row.id,
    productKey: row.product_key,
    kind: row.kind,
    state: row.state,
    quantity: row.quantity,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at?.toISOString() ?? null,
    reason: row.reason,
    orderId: row.order_id,
    via: row.via,
  }));
}

const BOUGHT = `
  select e.id, e.product_key, e.kind, e.state, e.quantity, e.starts_at, e.ends_at, e.reason, e.order_id,
         case when e.grant_id is null then 'purchase' else 'grant' end as via
    from oncepaid.entitlement e`;

/**
 * A member has what the plan has, for as long as the seat is theirs. Where a plan has more members than seats, those who joined
 * first have one. Nothing of it is stored, so that no change of the plan can forget its members.
 */
const SEATED = `
  select s.id, e.product_key, e.kind,
         case when s.ended_at is not null then 'ended'
              when e.state = 'active' and joined.rank > e.quantity then 'suspended'
              else e.state end,
         1, s.joined_at,
         case when s.ended_at is not null then least(s.ended_at, case when e.state = 'ended' then e.ends_at end)
              else e.ends_at end,
         case when s.ended_at is not null then 'seat_' || s.end_reason
              when e.state = 'active' and joined.rank > e.quantity then 'no_seat'
              else e.reason end,
         e.order_id, 'seat'
    from oncepaid.seat s
    join oncepaid."order" o on o.id = s.order_id and o.user_id <> s.user_id
    join oncepaid.entitlement e on e.order_id = s.order_id and e.kind = 'plan'
     -- Not a plan that the subscription was changed from before this member came.
     and (e.reason is distinct from 'plan_changed' or e.ends_at > s.joined_at)
    cross join lateral (
      select count(*) as rank from oncepaid.seat m
       where m.order_id = s.order_id and m.ended_at is null and (m.joined_at, m.id) <= (s.joined_at, s.id)) joined
   where s.user_id = $1`;

const OF_USER = {
  name: "entitlements-of-user",
  text: `${BOUGHT} where e.user_id = $1 union all ${SEATED} order by starts_at desc, id desc`,
};

type Row = {
  id: string;
  product_key: string;
  kind: string;
  state: string;
  quantity: number;
  starts_at: Date;
  ends_at: Date | null;
  reason: string | null;
  order_id: string | null;
  via: EntitlementView["via"];
};
