import { CompiledQuery, sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Line } from "#/catalog/cart.ts";
import type { Statement } from "#/database/database.ts";
import { isUniqueViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { type TooMuchHeld, tooMuchHeld } from "#/orders/hold-limits.ts";
import { type Hold, isNoSpot, moveHold } from "#/orders/holds.ts";
import { LEASE } from "#/orders/lease.ts";
import { type Facts, NO_FACTS, type SessionFact } from "#/rules/facts.ts";
import type { SpotState } from "#/rules/spots.ts";
import type { OrderStatus } from "#/rules/status.ts";
import type { OpenedSession, SessionParameters } from "#/stripe/sessions.ts";

/**
 * Orders as they are opened, and the attempts to pay them. The order and its first attempt are committed before
 * Stripe is called; the attempt carries the exact call, so that anybody can repeat it after a crash.
 */

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

export type NewAttempt = {
  /** The language the buyer reads. */
  locale: string;
  /** The buyer's, where it is known before they pay. */
  email: string | undefined;
  mode: "payment" | "subscription";
  items: readonly Line[];
  /** The places it keeps for as long as its session can be paid. */
  hold: Hold | null;
  parameters: SessionParameters;
  idempotencyKey: string;
};

type NewOrder = {
  id: string;
  cartId: string;
  userId: string;
  email: string | undefined;
  livemode: boolean;
};

export function newOrderId(): string {
  return uuidv7();
}

/**
 * The order of a user's cart, the user's Stripe customer if an earlier purchase made one, the plans they have, and those
 * that this user, or whoever paid with this address, ever had.
 */
export async function findOpenOrder(
  engine: Engine,
  { userId, email, cartId }: { userId: string; email: string | undefined; cartId: string },
  livemode: boolean,
): Promise<{
  order: OpenOrder | undefined;
  customer: string | undefined;
  plans: string[];
  formerPlans: string[];
  /** The database's clock. */
  now: Date;
}> {
  const { rows } = await engine.database.query<OpenRow>({
    name: "order-open-read",
    text: `
      select o.id, o.status, o.paid_at is not null as paid, o.facts, a.attempt, a.parameters, a.idempotency_key, a.session_id, a.url, a.expires_at,
             a.seen_open_at, now() as now,
             coalesce(a.lease_until > now(), false) as leased, a.closed_at is not null as closed,
             (select json_agg(json_build_object('productKey', i.product_key, 'quantity', i.quantity, 'price', i.price,
                                               'stripePriceId', i.stripe_price_id))
                from oncepaid.order_item i where i.order_id = o.id) as items,
             b.slot_id, b.state as place, b.places,
             (select c.stripe_customer_id from oncepaid."order" c
               where c.user_id = $1 and c.livemode = $3 and c.stripe_customer_id is not null
                 and not exists (select from oncepaid.deleted_customer d where d.stripe_customer_id = c.stripe_customer_id)
               order by c.paid_at desc nulls last limit 1) as customer,
             (select array_agg(e.product_key) from oncepaid.entitlement e
               where e.user_id = $1 and e.kind = 'plan' and e.state <> 'ended' and e.order_id is not null) as plans,
             (select array_agg(had.product_key)
                from (select product_key from oncepaid.entitlement where user_id = $1 and kind = 'plan' and order_id is not null
                      union
                      select e.product_key from oncepaid."order" p join oncepaid.entitlement e on e.order_id = p.id
                       where lower(p.email) = lower($4::text) and p.paid_at is not null and e.kind = 'plan'
                     ) as had) as former_plans
        from (select 1) as one
        left join oncepaid."order" o on o.user_id = $1 and o.cart_id = $2
        left join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
        left join oncepaid.booking b on b.order_id = o.id`,
    values: [userId, cartId, livemode, email ?? null],
  });
  const row = rows[0];
  const order = row && row.id !== null ? openOrder(row) : undefined;
  return {
    order,
    customer: row?.customer ?? undefined,
    plans: row?.plans ?? [],
    formerPlans: row?.former_plans ?? [],
    now: row?.now ?? new Date(),
  };
}

/**
 * Makes the order with its first attempt, leased to the caller, and takes the places it holds, or does none of it:
 * `exists` when the cart has an order already, `no_spot` when the slot hasn't that many places.
 */
export async function createOrder(
  engine: Engine,
  order: NewOrder,
  attempt: NewAttempt,
): Promise<"created" | "exists" | "no_spot" | TooMuchHeld> {
  const creation = creationOf(order, attempt);
  try {
    if (!attempt.hold?.browser) return created(await engine.database.query(creation));
    return await engine.database.db.transaction().execute(async (trx) => {
      const asked = { orderId: order.id, userId: order.userId, hold: attempt.hold };
      const refusal = await tooMuchHeld(trx, engine.settings.holds, asked);
      return (
        refusal ?? created(await trx.executeQuery(CompiledQuery.raw(creation.text, [...creation.values])))
      );
    });
  } catch (error) {
    if (isNoSpot(error)) return "no_spot";
    throw error;
  }
}

function created({ rows }: { rows: unknown[] }): "created" | "exists" {
  return rows.length > 0 ? "created" : "exists";
}

function creationOf(order: NewOrder, attempt: NewAttempt): Statement {
  return {
    name: "order-create",
    text: `
      with created as (
        insert into oncepaid."order" (id, cart_id, user_id, email, mode, livemode, facts, locale)
        values ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::boolean,
                $11::jsonb, $12::text)
        on conflict (user_id, cart_id) do nothing
        returning id
      ), items as (
        insert into oncepaid.order_item (order_id, product_key, quantity, price, stripe_price_id)
        select created.id, i."productKey", i.quantity, i.price, i."stripePriceId"
          from created, jsonb_to_recordset($7::jsonb)
               as i("productKey" text, quantity integer, price text, "stripePriceId" text)
      ), attempt as (
        insert into oncepaid.checkout_attempt (order_id, attempt, parameters, idempotency_key, lease_until)
        select created.id, 1, $8::json, $9::text, now() + $10::interval from created
      ), held as (
        insert into oncepaid.booking (order_id, slot_id, product_key, places, state, held_until, stranger)
        select created.id, h."slotId", h."productKey", h.places, 'held', to_timestamp(h.until), h.browser->>'stranger'
          from created, jsonb_to_recordset($13::jsonb)
               as h("slotId" uuid, "productKey" text, places integer, until double precision, browser jsonb)
      )
      select id from created`,
    values: [
      order.id,
      order.cartId,
      order.userId,
      order.email ?? null,
      attempt.mode,
      order.livemode,
      JSON.stringify(attempt.items),
      JSON.stringify(attempt.parameters),
      attempt.idempotencyKey,
      LEASE,
      JSON.stringify(NO_FACTS),
      attempt.locale,
      JSON.stringify(attempt.hold ? [attempt.hold] : []),
    ],
  };
}

/**
 * Keeps the session Stripe made for an attempt. `superseded` when the attempt was closed or replaced meanwhile, `taken`
 * when another order has this session already: in both cases it must not reach a buyer.
 */
export async function recordSession(
  engine: Engine,
  orderId: string,
  attempt: number,
  session: OpenedSession,
  unitAmounts: Record<string, number>,
): Promise<"recorded" | "superseded" | "taken"> {
  const recording = engine.database.query({
    name: "order-record-session",
    text: `
      with changed as (
        update oncepaid."order" o set
               stripe_checkout_session_id = case when o.paid_at is null then $3::text
                                                 else o.stripe_checkout_session_id end,
               amount_total = case when o.paid_at is null then $6::bigint else o.amount_total end,
               currency = coalesce(o.currency, $7::text),
               version = o.version + 1,
               updated_at = now()
         where o.id = $1::uuid and o.attempt = $2::integer
           and exists (select from oncepaid.checkout_attempt a
                        where a.order_id = o.id and a.attempt = o.attempt and a.closed_at is null
                          and (a.session_id is null or a.session_id = $3::text))
        returning o.id
      ), recorded as (
        update oncepaid.checkout_attempt a set
               session_id = $3::text, url = $4::text, client_secret = $9::text, expires_at = to_timestamp($5::double precision),
               seen_open_at = now(), lease_until = null
          from changed where a.order_id = changed.id and a.attempt = $2::integer
      ), priced as (
        update oncepaid.order_item i set unit_amount = p.unit_amount
          from changed, jsonb_to_recordset($8::jsonb) as p(product_key text, unit_amount bigint)
         where i.order_id = changed.id and i.product_key = p.product_key
      )
      select id from changed`,
    values: [
      orderId,
      attempt,
      session.id,
      session.url,
      session.expiresAt,
      session.amountTotal,
      session.currency?.toLowerCase() ?? null,
      JSON.stringify(
        Object.entries(unitAmounts).map(([product_key, unit_amount]) => ({ product_key, unit_amount })),
      ),
      session.clientSecret,
    ],
  });
  try {
    const { rows } = await recording;
    return rows.length > 0 ? "recorded" : "superseded";
  } catch (error) {
    if (isUniqueViolation(error)) return "taken";
    throw error;
  }
}

/**
 * Begins the next attempt of an unpaid order, leased to the caller, with the items and the hold as they are now, or
 * does none of it: `moved_on` when it was paid or another request began that attempt first, `no_spot` when the slot
 * hasn't that many places.
 */
export async function beginNextAttempt(
  engine: Engine,
  orderId: string,
  previous: number,
  next: NewAttempt,
): Promise<"begun" | "moved_on" | "no_spot" | TooMuchHeld> {
  try {
    return await begin(engine, orderId, previous, next);
  } catch (error) {
    if (isNoSpot(error)) return "no_spot";
    throw error;
  }
}

function begin(engine: Engine, orderId: string, previous: number, next: NewAttempt) {
  return engine.database.db
    .transaction()
    .execute(async (trx): Promise<"begun" | "moved_on" | TooMuchHeld> => {
      const owner = await trx
        .selectFrom("order")
        .select("user_id")
        .where("id", "=", orderId)
        .executeTakeFirst();
      const asked = { orderId, userId: owner?.user_id ?? "", hold: next.hold };
      const refusal = await tooMuchHeld(trx, engine.settings.holds, asked);
      if (refusal) return refusal;
      const begun = await trx
        .updateTable("order")
        .set({
          attempt: previous + 1,
          status: "PENDING",
          mode: next.mode,
          locale: next.locale,
          email: sql`case when email_corrected_at is null then coalesce(${next.email ?? null}, email) else email end`,
          stripe_checkout_session_id: null,
          amount_total: null,
          currency: null,
          version: sql`version + 1`,
          updated_at: sql`now()`,
        })
        .where("id", "=", orderId)
        .where("attempt", "=", previous)
        .where("paid_at", "is", null)
        .where("status", "in", ["PENDING", "CANCELED", "FAILED"])
        .executeTakeFirst();
      if (begun.numUpdatedRows === 0n) return "moved_on";
      await trx
        .updateTable("checkout_attempt")
        .set({ closed_at: sql`coalesce(closed_at, now())`, lease_until: null })
        .where("order_id", "=", orderId)
        .where("attempt", "=", previous)
        .execute();
      await trx.deleteFrom("order_item").where("order_id", "=", orderId).execute();
      await trx
        .insertInto("order_item")
        .values(
          next.items.map(({ productKey, quantity, price, stripePriceId }) => ({
            order_id: orderId,
            product_key: productKey,
            quantity,
            price,
            stripe_price_id: stripePriceId,
          })),
        )
        .execute();
      await trx
        .insertInto("checkout_attempt")
        .values({
          order_id: orderId,
          attempt: previous + 1,
          parameters: JSON.stringify(next.parameters),
          idempotency_key: next.idempotencyKey,
          lease_until: sql`now() + ${LEASE}::interval`,
        })
        .execute();
      await moveHold(trx, orderId, next.hold);
      return "begun";
    });
}

type OpenRow = {
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

function openOrder(row: OpenRow): OpenOrder {
  return {
    id: row.id ?? "",
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
