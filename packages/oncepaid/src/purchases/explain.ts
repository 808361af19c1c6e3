import { validate as isUuid } from "uuid";
import type { Engine } from "#/engine.ts";
import { type KnownOrder, readKnown } from "#/orders/read.ts";
import { becauseOf, becauseOfGrant } from "#/purchases/because.ts";
import { type EntitlementView, entitlementsOf } from "#/purchases/entitlements.ts";
import { derive } from "#/rules/derive.ts";
import type { DisputeFact, RefundFact, SubscriptionFact } from "#/rules/facts.ts";
import type { NotGranted } from "#/rules/not-granted.ts";

/** Why a user may, or may not, use a product: the answer in a sentence, and everything that decides it. */
export type Explanation = {
  userId: string;
  productKey: string;
  access: boolean;
  because: string;
  /** What was given of it without an order, the newest first. */
  grants: ExplainedGrant[];
  /** The newest first. */
  orders: ExplainedOrder[];
};

/** Access that a person gave without an order. */
export type ExplainedGrant = {
  id: string;
  state: string;
  by: string;
  note: string | null;
  /** ISO 8601 in UTC. */
  at: string;
  until: string | null;
  because: string;
};

/** One order that has, or had, the product in it. Amounts are minor units. */
export type ExplainedOrder = {
  id: string;
  status: string;
  amountTotal: number | null;
  amountRefunded: number;
  /** What banks took back for good. */
  amountLost: number;
  currency: string | null;
  paidAt: string | null;
  /** The user's, to this product: bought with this order or given as a seat of it. */
  entitlement: EntitlementView | null;
  /** What the order gives no access to at the moment, each with the reason. */
  notGranted: NotGranted[];
  /** The state of its spot in a slot; null for an order that is for none. */
  place: string | null;
  refunds: (RefundFact & { id: string })[];
  disputes: (DisputeFact & { id: string })[];
  subscriptions: (SubscriptionFact & { id: string })[];
  because: string;
};

export async function explainAccess(
  engine: Engine,
  userId: string,
  productKey: string,
): Promise<Explanation> {
  const entitlements = await entitlementsOf(engine, userId);
  const rows = await ordersAbout(engine, userId, productKey, entitlements);
  const known = await readKnown(
    engine,
    rows.map(({ id }) => ({ eventId: null, orderId: id, links: [] })),
  );
  const orders = rows.flatMap((row, index) => {
    const order = known[index]?.order;
    return order ? [explain(row, order, productKey, entitlements)] : [];
  });
  const grants = await grantsOf(engine, userId, productKey);
  return { userId, productKey, ...summary(grants, orders), grants, orders };
}

/** The same, of whom and what an entitlement is for; undefined when there is none. */
export async function explainEntitlement(engine: Engine, id: string): Promise<Explanation | undefined> {
  if (!isUuid(id)) return undefined;
  const of = await engine.database.db
    .selectFrom("entitlement")
    .select(["user_id", "product_key"])
    .where("id", "=", id)
    .executeTakeFirst();
  return of && explainAccess(engine, of.user_id, of.product_key);
}

/** What this user was given of the product, the newest first. */
async function grantsOf({ database }: Engine, userId: string, productKey: string): Promise<ExplainedGrant[]> {
  const { rows } = await database.query<GrantRow>(GRANTS, [userId, productKey]);
  return rows.map(({ at, until, ended_by, ...grant }) => ({
    ...grant,
    at: at.toISOString(),
    until: until?.toISOString() ?? null,
    because: becauseOfGrant({ ...grant, until, endedBy: ended_by }),
  }));
}

const GRANTS = `
  select g.id, e.state, g.by, g.note, g.at, g.until,
         (select a.by from oncepaid.support_action a where a.entitlement_id = g.id and a.what = 'end' and g.ended_at is not null
           order by a.at desc limit 1) as ended_by
    from oncepaid.entitlement e join oncepaid.granted_access g on g.id = e.grant_id
   where e.user_id = $1 and e.product_key = $2 order by g.at desc, g.id desc`;

type GrantRow = {
  id: string;
  state: string;
  by: string;
  note: string | null;
  at: Date;
  until: Date | null;
  ended_by: string | null;
};

type Row = Awaited<ReturnType<typeof ordersAbout>>[number];

/** The user's own orders with the product in them, and whichever gave it to them: a member's plan is somebody else's order. */
function ordersAbout(
  { database: { db } }: Engine,
  userId: string,
  productKey: string,
  entitlements: EntitlementView[],
) {
  const granting = entitlements.filter((entitlement) => entitlement.productKey === productKey);
  return db
    .selectFrom("order as o")
    .select([
      "o.id",
      "o.status",
      "o.amount_total",
      "o.amount_refunded",
      "o.amount_lost",
      "o.currency",
      "o.paid_at",
    ])
    .where(({ or, and, eb, exists, selectFrom }) =>
      or([
        eb("o.id", "in", granting.map(({ orderId }) => orderId ?? NO_ORDER).concat(NO_ORDER)),
        and([
          eb("o.user_id", "=", userId),
          exists(
            selectFrom("order_item as i")
              .whereRef("i.order_id", "=", "o.id")
              .where("i.product_key", "=", productKey),
          ),
        ]),
      ]),
    )
    .orderBy("o.created_at", "desc")
    .execute();
}

/** An id no order has, because a list in SQL can't be empty. */
const NO_ORDER = "00000000-0000-0000-0000-000000000000";

function explain(
  row: Row,
  order: KnownOrder,
  productKey: string,
  entitlements: EntitlementView[],
): ExplainedOrder {
  const { notGranted } = derive(order.facts, { ...order, hasPlan: hasPlanElsewhere(order, entitlements) });
  const given = entitlements.filter(({ orderId }) => orderId === order.id);
  const entitlement = given.find((one) => one.productKey === productKey) ?? null;
  return {
    id: row.id,
    status: row.status,
    amountTotal: row.amount_total,
    amountRefunded: row.amount_refunded,
    amountLost: row.amount_lost,
    currency: row.currency,
    paidAt: row.paid_at?.toISOString() ?? null,
    entitlement,
    notGranted,
    place: order.spot?.state ?? null,
    refunds: withIds(order.facts.refunds),
    disputes: withIds(order.facts.disputes),
    subscriptions: withIds(order.facts.subscriptions),
    because: becauseOf({ status: row.status, entitlement, notGranted }, productKey),
  };
}

/** The database lets a user have a plan once: an order that came second is not granted while the first one is. */
function hasPlanElsewhere(order: KnownOrder, entitlements: EntitlementView[]): boolean {
  if (entitlements.some(({ orderId }) => orderId === order.id)) return false;
  return entitlements.some(
    ({ kind, state, via, productKey }) =>
      kind === "plan" &&
      state !== "ended" &&
      via === "purchase" &&
      order.items.some((item) => item.productKey === productKey),
  );
}

/** What was given counts first: it doesn't depend on what was paid. */
function summary(
  grants: ExplainedGrant[],
  orders: ExplainedOrder[],
): Pick<Explanation, "access" | "because"> {
  const given = grants.find(({ state }) => state === "active");
  if (given) return { access: true, because: `Has access: ${given.because}.` };
  const order = orders.find(({ entitlement }) => entitlement?.state === "active");
  if (order) {
    return { access: true, because: `Has access: order ${order.id} grants it, because ${order.because}.` };
  }
  const [newest] = orders;
  if (newest) return { access: false, because: `Has no access: of order ${newest.id}, ${newest.because}.` };
  const [over] = grants;
  const none = "no order of this user has this product in it";
  return { access: false, because: `Has no access: ${over ? over.because : none}.` };
}

function withIds<T>(facts: Record<string, T>): (T & { id: string })[] {
  return Object.entries(facts).map(([id, fact]) => ({ ...fact, id }));
}
