import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import { pageOf, pageSize } from "#/page.ts";

/** Plans as those who look after them see them: who has which, and how many use it. */

export type PlanState = "active" | "suspended" | "ended";

export type DeskPlanFilter = {
  productKey?: string | undefined;
  state?: PlanState | undefined;
  /** The address of its buyer, or how that begins. */
  owner?: string | undefined;
  /** `next` of the page before. */
  after?: string | undefined;
  /** At most 100; 25 where nothing is said. */
  limit?: number | undefined;
};

/** Times are ISO 8601 in UTC. */
export type DeskPlan = {
  /** Its entitlement, by which its seats are looked after. */
  id: string;
  productKey: string;
  state: PlanState;
  /** Why it is not simply active. */
  reason: string | null;
  startsAt: string;
  endsAt: string | null;
  ownerId: string;
  ownerEmail: string | null;
  /** Null where it was given without an order; then it has no seats beside its owner's. */
  orderId: string | null;
  /** Seats that are paid; how many a member has, and how many an invitation keeps. */
  seats: number;
  members: number;
  invited: number;
};

/** `next` is `after` of the following page; null on the last one. */
export type DeskPlanPage = { plans: DeskPlan[]; next: string | null };

const SIZES = { usual: 25, largest: 100 };
/** Of what one buyer is found by so many orders are looked at. */
const OWNERS = 2_000;

/** The newest first. What an order had before its plan was changed to another one isn't among them. */
export async function deskPlans(engine: Engine, filter: DeskPlanFilter): Promise<DeskPlanPage> {
  const { productKey, state, owner, after } = filter;
  if (after !== undefined && !isUuid(after)) return { plans: [], next: null };
  const limit = pageSize(filter.limit, SIZES);
  const values: (string | number)[] = [];
  const put = (value: string | number) => `$${values.push(value)}`;
  const conditions = [
    ...(productKey === undefined ? [] : [`e.product_key = ${put(productKey)}`]),
    // Written out, so that the partial index of what isn't active is found.
    ...(state === undefined ? [] : [`e.state = '${STATES[state]}'`]),
    ...(owner === undefined ? [] : [OWNED.replace("$$", put(forLike(owner.trim().toLowerCase())))]),
    ...(after === undefined ? [] : [`e.id < ${put(after)}::uuid`]),
  ];
  const { rows } = await engine.database.query<Row>(
    `${PLANS} where ${[IS_PLAN, ...conditions].join(" and ")} order by e.id desc limit ${put(limit + 1)}`,
    values,
  );
  const { page, next } = pageOf(rows, limit, ({ id }) => id);
  return { plans: page.map(viewOf), next };
}

/** One; undefined where there is none. */
export async function deskPlan(engine: Engine, id: string): Promise<DeskPlan | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await engine.database.query<Row>(`${PLANS} where e.kind = 'plan' and e.id = $1`, [id]);
  return rows[0] && viewOf(rows[0]);
}

/** No value of a caller's is written into a statement. */
const STATES = {
  active: "active",
  suspended: "suspended",
  ended: "ended",
} as const satisfies Record<PlanState, PlanState>;

const IS_PLAN = "e.kind = 'plan' and e.reason is distinct from 'plan_changed'";

/** As an array it is known before any plan is read. */
const OWNED = `e.order_id = any (array(
  select o.id from oncepaid."order" o where o.email is not null and lower(o.email) like $$ || '%' limit ${OWNERS}))`;

const PLANS = `
  select e.id, e.product_key, e.state, e.reason, e.starts_at, e.ends_at, e.user_id, coalesce(o.email, g.email) as email, e.order_id,
         e.quantity,
         (select count(*)::int from oncepaid.seat s
           where s.order_id = e.order_id and s.ended_at is null and s.joined_at is not null) as members,
         (select count(*)::int from oncepaid.seat s
           where s.order_id = e.order_id and s.ended_at is null and s.joined_at is null and s.expires_at > now()) as invited
    from oncepaid.entitlement e
    left join oncepaid."order" o on o.id = e.order_id
    left join oncepaid.granted_access g on g.id = e.grant_id`;

function forLike(text: string): string {
  return text.replaceAll("\0", "").replaceAll(/[\\%_]/g, "\\$&");
}

type Row = {
  id: string;
  product_key: string;
  state: PlanState;
  reason: string | null;
  starts_at: Date;
  ends_at: Date | null;
  user_id: string;
  email: string | null;
  order_id: string | null;
  quantity: number;
  members: number;
  invited: number;
};

function viewOf(row: Row): DeskPlan {
  return {
    id: row.id,
    productKey: row.product_key,
    state: row.state,
    reason: row.reason,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at?.toISOString() ?? null,
    ownerId: row.user_id,
    ownerEmail: row.email,
    orderId: row.order_id,
    seats: row.quantity,
    members: row.members,
    invited: row.invited,
  };
}
