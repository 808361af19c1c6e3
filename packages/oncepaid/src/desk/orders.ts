import { validate as isUuid } from "uuid";
import { conditionOf, type Narrowed, narrowed } from "#/desk/search.ts";
import type { Engine } from "#/engine.ts";
import { pageOf, pageSize } from "#/page.ts";
import type { Facts } from "#/rules/facts.ts";
import { between } from "#/rules/first-paid.ts";
import type { OrderStatus } from "#/rules/status.ts";

export type DeskFilter = {
  /** What somebody typed: an address or how it begins, words of a name, an order's number, any id of Stripe's. */
  search?: string | undefined;
  status?: OrderStatus | undefined;
  /** It has this product in it. */
  productKey?: string | undefined;
  userId?: string | undefined;
  /**
   * Its card's bank suspects fraud and said so in the last 30 days, nothing was given back or disputed since, and nobody has said that
   * they looked at it (`review`): a person has to look.
   */
  warned?: boolean | undefined;
  /** `next` of the page before. */
  after?: string | undefined;
  /** At most 100; 25 where nothing is said. */
  limit?: number | undefined;
};

/** An order as those who serve its buyer see it. Amounts are minor units of `currency`, times ISO 8601 in UTC. */
export type DeskOrder = {
  id: string;
  userId: string;
  /** The address it is served under: the one Stripe collected, or the one it was made with. */
  email: string | null;
  /** As the buyer wrote it on Stripe's page. */
  name: string | null;
  status: string;
  locale: string;
  livemode: boolean;
  items: { productKey: string; quantity: number; unitAmount: number | null }[];
  currency: string | null;
  amountTotal: number | null;
  /** What discounts took off; null where it isn't known. */
  amountDiscount: number | null;
  /** The taxes in the total, whether they were added or part of the prices; null where it isn't known. */
  amountTax: number | null;
  amountRefunded: number;
  /** What banks took back for good. */
  amountLost: number;
  createdAt: string;
  paidAt: string | null;
  /** Ids of Stripe's objects, as far as they are known. */
  stripe: {
    session: string | null;
    paymentIntent: string | null;
    subscription: string | null;
    customer: string | null;
  };
  /** When its card's bank said that it suspects fraud, while a person has to look at it; null otherwise. */
  warnedAt: string | null;
  /** The newest known state of its subscription. */
  subscription: { status: string; currentPeriodEnd: string | null; cancelAt: string | null } | null;
};

export type DeskPage = { orders: DeskOrder[]; next: string | null };

const SIZES = { usual: 25, largest: 100 };

/**
 * Orders for a person who serves buyers, the newest first, found by whatever the buyer has told. A page goes on below the last id
 * of the one before, so a late page costs what the first one does.
 */
export async function deskOrders(engine: Engine, filter: DeskFilter): Promise<DeskPage> {
  const limit = pageSize(filter.limit, SIZES);
  if (filter.after !== undefined && !isUuid(filter.after)) return { orders: [], next: null };
  const values: (string | string[] | number)[] = [];
  const put = (value: string | string[] | number) => `$${values.push(value)}`;
  const conditions = (await conditionsOf(engine, filter)).map(({ where, value }) => {
    const place = put(value);
    return where.replaceAll("$$", () => place);
  });
  const { rows } = await engine.database.query<Row>(
    `${ORDERS} where ${["true", ...conditions].join(" and ")} order by o.id desc limit ${put(limit + 1)}`,
    values,
  );
  const { page, next } = pageOf(rows, limit, ({ id }) => id);
  return { orders: page.map(viewOf), next };
}

/** One order; undefined when there is none. */
export async function deskOrder(engine: Engine, orderId: string): Promise<DeskOrder | undefined> {
  if (!isUuid(orderId)) return undefined;
  const { rows } = await engine.database.query<Row>(`${ORDERS} where o.id = $1`, [orderId]);
  return rows[0] && viewOf(rows[0]);
}

async function conditionsOf(
  engine: Engine,
  { search, status, productKey, userId, warned, after }: DeskFilter,
): Promise<Narrowed[]> {
  const condition = search === undefined ? undefined : conditionOf(search);
  return [
    ...(condition ? [await narrowed(engine, condition)] : []),
    ...(status === undefined ? [] : [{ where: "o.status = $$", value: status }]),
    ...(userId === undefined ? [] : [{ where: "o.user_id = $$", value: userId }]),
    ...(warned ? [{ where: IS_WARNED, value: String(Math.floor(Date.now() / 1000) - WARNED_SECONDS) }] : []),
    ...(after === undefined ? [] : [{ where: "o.id < $$::uuid", value: after }]),
    ...(productKey === undefined ? [] : [{ where: HAS_PRODUCT, value: productKey }]),
  ];
}

const HAS_PRODUCT =
  "exists (select from oncepaid.order_item p where p.order_id = o.id and p.product_key = $$)";

const WARNED_SECONDS = 30 * 24 * 60 * 60;
/** As the index `order_warned` has it. */
const MAY_BE_WARNED = `o.facts ? 'warnings' and o.status = 'FULFILLED' and o.amount_refunded = 0 and o.facts -> 'disputes' = '{}'`;
/** When the newest warning was that nobody has looked at; unix seconds. */
const WARNED_AT = `(
  select max((w.value ->> 'at')::bigint) from jsonb_each(o.facts -> 'warnings') w
   where not exists (select from oncepaid.support_action r
                      where r.order_id = o.id and r.what = 'review' and r.call -> 'warnings' ? w.key))`;
const IS_WARNED = `${MAY_BE_WARNED} and ${WARNED_AT} >= $$::bigint`;

const ORDERS = `
  select o.id, o.user_id, o.email, o.status, o.locale, o.livemode, o.currency, o.amount_total, o.amount_refunded,
         o.amount_lost, o.created_at, o.paid_at, o.facts, o.stripe_checkout_session_id, o.stripe_payment_intent_id,
         o.stripe_subscription_id, o.stripe_customer_id, case when ${MAY_BE_WARNED} then ${WARNED_AT} end as warned_at,
         (select coalesce(json_agg(json_build_object('productKey', i.product_key, 'quantity', i.quantity,
                                                     'unitAmount', i.unit_amount) order by i.product_key), '[]')
            from oncepaid.order_item i where i.order_id = o.id) as items
    from oncepaid."order" o`;

type Row = {
  id: string;
  user_id: string;
  email: string | null;
  status: string;
  locale: string;
  livemode: boolean;
  currency: string | null;
  amount_total: number | null;
  amount_refunded: number;
  amount_lost: number;
  created_at: Date;
  paid_at: Date | null;
  facts: Partial<Facts>;
  stripe_checkout_session_id: string | null;
  stripe_payment_intent_id: string | null;
  stripe_subscription_id: string | null;
  stripe_customer_id: string | null;
  /** Unix seconds. */
  warned_at: number | null;
  items: DeskOrder["items"];
};

function viewOf(row: Row): DeskOrder {
  const known = row.facts.sessions ?? {};
  const sessions = Object.values(known);
  return {
    id: row.id,
    userId: row.user_id,
    email: row.email ?? sessions.flatMap(({ email }) => email ?? [])[0] ?? null,
    name: sessions.flatMap(({ name }) => name ?? [])[0] ?? null,
    status: row.status,
    locale: row.locale,
    livemode: row.livemode,
    items: row.items,
    currency: row.currency,
    amountTotal: row.amount_total,
    ...between({ sessions: known }),
    amountRefunded: row.amount_refunded,
    amountLost: row.amount_lost,
    createdAt: row.created_at.toISOString(),
    paidAt: row.paid_at?.toISOString() ?? null,
    stripe: {
      session: row.stripe_checkout_session_id ?? Object.keys(known)[0] ?? null,
      paymentIntent: row.stripe_payment_intent_id,
      subscription: row.stripe_subscription_id,
      customer: row.stripe_customer_id,
    },
    warnedAt: timeOf(row.warned_at ?? undefined),
    subscription: subscriptionOf(row),
  };
}

function subscriptionOf({ facts, stripe_subscription_id }: Row): DeskOrder["subscription"] {
  const fact = facts.subscriptions?.[stripe_subscription_id ?? ""];
  if (!fact) return null;
  return {
    status: fact.status,
    currentPeriodEnd: timeOf(fact.currentPeriodEnd),
    cancelAt: timeOf(fact.cancelAt),
  };
}

function timeOf(seconds: number | undefined): string | null {
  return seconds === undefined ? null : new Date(seconds * 1000).toISOString();
}
