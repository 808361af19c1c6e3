import type { Line } from "#/catalog/cart.ts";
import type { Engine } from "#/engine.ts";
import { allOrEach, gathered } from "#/orders/gather.ts";
import type { Facts, SessionFact } from "#/rules/facts.ts";
import type { SpotState } from "#/rules/spots.ts";
import type { OrderStatus } from "#/rules/status.ts";
import type { SessionParameters } from "#/stripe/sessions.ts";

/** What a checkout has to know of its cart and its buyer. Those of one moment are read together. */

export type Attempt = {
  attempt: number;
  parameters: SessionParameters;
  idempotencyKey: string;
  sessionId: string | null;
  url: string | null;
  expiresAt: Date | null;
  /** When Stripe last said that its session is open, by the database's clock. */
  seenOpenAt: Date | null;
  /** Somebody is talking to Stripe about it right now. */
  leased: boolean;
  closed: boolean;
};

export type OpenOrder = {
  id: string;
  status: OrderStatus;
  paid: boolean;
  items: Line[];
  /** The slot it is for, if any. */
  slotId: string | null;
  spot: { state: SpotState; places: number } | null;
  /** What is known of the newest attempt's session. */
  session: SessionFact | undefined;
  current: Attempt;
};

export type Opening = {
  order: OpenOrder | undefined;
  /** The user's Stripe customer, if an earlier purchase made one. */
  customer: string | undefined;
  /** The plans they have. */
  plans: string[];
  /** Those that this user, or whoever paid with this address, ever had. */
  formerPlans: string[];
  /** When this was read: by the database's clock, and by `performance.now()` not later than that. */
  now: Date;
  askedAt: number;
};

type Asked = { userId: string; email: string | undefined; cartId: string; livemode: boolean };

/** The order of a user's cart, and what else of the user its next attempt depends on. */
export const findOpenOrder = gathered<Asked, Opening>({
  // What is only read may be read any number of times at once.
  keysOf: () => [],
  carryOut: (engine, batch) => allOrEach(batch, (asked) => findOpenOrders(engine, asked)),
});

async function findOpenOrders(engine: Engine, batch: readonly Asked[]): Promise<(asked: Asked) => Opening> {
  const askedAt = performance.now();
  const { rows } = await engine.database.query<OpenRow>({
    ...FIND_OPEN,
    values: [
      batch.map(({ userId }) => userId),
      batch.map(({ cartId }) => cartId),
      batch.map(({ email }) => email ?? null),
      batch.map(({ livemode }) => livemode),
    ],
  });
  const byAsked = new Map(rows.map((row) => [batch[row.n - 1], opening(row, askedAt)]));
  return (asked) => {
    const found = byAsked.get(asked);
    if (!found) throw new Error("The read of a cart always answers.");
    return found;
  };
}

/** `n between` and the lists in brackets: statements.ts says why. */
const FIND_OPEN = {
  name: "order-open-read",
  text: `
    with asked as materialized (
      select * from unnest((select $1::text[]), (select $2::text[]), (select $3::text[]), (select $4::boolean[]))
                      with ordinality as a(user_id, cart_id, email, livemode, n)
       where n between 1 and 9999
    )
    select a.n::integer, o.id, o.status, o.paid_at is not null as paid, o.facts, c.attempt, c.parameters, c.idempotency_key, c.session_id,
           c.url, c.expires_at, c.seen_open_at, now() as now,
           coalesce(c.lease_until > now(), false) as leased, c.closed_at is not null as closed,
           (select json_agg(json_build_object('productKey', i.product_key, 'quantity', i.quantity, 'price', i.price,
                                             'stripePriceId', i.stripe_price_id))
              from oncepaid.order_item i where i.order_id = o.id) as items,
           b.slot_id, b.state as place, b.places,
           (select p.stripe_customer_id from oncepaid."order" p
             where p.user_id = a.user_id and p.livemode = a.livemode and p.stripe_customer_id is not null
               and not exists (select from oncepaid.deleted_customer d where d.stripe_customer_id = p.stripe_customer_id)
             order by p.paid_at desc nulls last limit 1) as customer,
           (select array_agg(e.product_key) from oncepaid.entitlement e
             where e.user_id = a.user_id and e.kind = 'plan' and e.state <> 'ended' and e.order_id is not null) as plans,
           (select array_agg(had.product_key)
              from (select product_key from oncepaid.entitlement
                     where user_id = a.user_id and kind = 'plan' and order_id is not null
                    union
                    select e.product_key from oncepaid."order" p join oncepaid.entitlement e on e.order_id = p.id
                     where lower(p.email) = lower(a.email) and p.paid_at is not null and e.kind = 'plan'
                   ) as had) as former_plans
      from asked a
      left join oncepaid."order" o on o.user_id = a.user_id and o.cart_id = a.cart_id
      left join oncepaid.checkout_attempt c on c.order_id = o.id and c.attempt = o.attempt
      left join oncepaid.booking b on b.order_id = o.id`,
};

type OpenRow = {
  /** Its place in the lists, from one. */
  n: number;
  id: string | null;
  status: OrderStatus;
  paid: boolean;
  facts: Facts;
  attempt: number;
  parameters: SessionParameters;
  idempotency_key: string;
  session_id: string | null;
  url: string | null;
  expires_at: Date | null;
  seen_open_at: Date | null;
  now: Date;
  leased: boolean;
  closed: boolean;
  items: Line[] | null;
  slot_id: string | null;
  place: SpotState | null;
  places: number | null;
  customer: string | null;
  plans: string[] | null;
  former_plans: string[] | null;
};

function opening(row: OpenRow, askedAt: number): Opening {
  return {
    order: row.id === null ? undefined : openOrder({ ...row, id: row.id }),
    customer: row.customer ?? undefined,
    plans: row.plans ?? [],
    formerPlans: row.former_plans ?? [],
    now: row.now,
    askedAt,
  };
}

function openOrder(row: OpenRow & { id: string }): OpenOrder {
  return {
    id: row.id,
    status: row.status,
    paid: row.paid,
    items: row.items ?? [],
    slotId: row.slot_id,
    spot: row.place && { state: row.place, places: row.places ?? 0 },
    session: row.session_id === null ? undefined : row.facts.sessions[row.session_id],
    current: {
      attempt: row.attempt,
      parameters: row.parameters,
      idempotencyKey: row.idempotency_key,
      sessionId: row.session_id,
      url: row.url,
      expiresAt: row.expires_at,
      seenOpenAt: row.seen_open_at,
      leased: row.leased,
      closed: row.closed,
    },
  };
}
