import { CompiledQuery } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Statement } from "#/database/database.ts";
import type { Engine } from "#/engine.ts";
import type { NewAttempt } from "#/orders/attempts.ts";
import { allOrEach, gathered } from "#/orders/gather.ts";
import { type TooMuchHeld, tooMuchHeld } from "#/orders/hold-limits.ts";
import { isNoSpot } from "#/orders/holds.ts";
import { LEASE } from "#/orders/lease.ts";
import { NO_FACTS } from "#/rules/facts.ts";

/**
 * Orders as they are opened, each with its first attempt. Those of one moment are written together, but for those that take places: they
 * may have to wait for others of their date, and nobody else is to wait with them.
 */

type NewOrder = {
  id: string;
  cartId: string;
  userId: string;
  email: string | undefined;
  livemode: boolean;
};

type Creation = { order: NewOrder; attempt: NewAttempt };

export function newOrderId(): string {
  return uuidv7();
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
  const creation = { order, attempt };
  return attempt.hold ? createWithHold(engine, creation) : createTogether(engine, creation);
}

const createTogether = gathered<Creation, "created" | "exists">({
  // Of two with one cart the first is made: the statement itself sees to it.
  keysOf: () => [],
  carryOut: (engine, batch) => allOrEach(batch, (creations) => create(engine, creations)),
});

async function create(
  engine: Engine,
  creations: readonly Creation[],
): Promise<(creation: Creation) => "created" | "exists"> {
  const { rows } = await engine.database.query<{ id: string }>(creationOf(creations));
  const made = new Set(rows.map(({ id }) => id));
  return ({ order }) => (made.has(order.id) ? "created" : "exists");
}

async function createWithHold(
  engine: Engine,
  creation: Creation,
): Promise<"created" | "exists" | "no_spot" | TooMuchHeld> {
  const { order, attempt } = creation;
  try {
    if (!attempt.hold?.browser) return (await create(engine, [creation]))(creation);
    return await engine.database.db.transaction().execute(async (trx) => {
      const asked = { orderId: order.id, userId: order.userId, hold: attempt.hold };
      const refusal = await tooMuchHeld(trx, engine.settings.holds, asked);
      if (refusal) return refusal;
      const { text, values } = creationOf([creation]);
      const { rows } = await trx.executeQuery(CompiledQuery.raw(text, [...values]));
      return rows.length > 0 ? "created" : "exists";
    });
  } catch (error) {
    if (isNoSpot(error)) return "no_spot";
    throw error;
  }
}

/**
 * Carts are taken in one order everywhere, so that two such statements don't wait for each other; of two with one cart the first that
 * came is made. `n between` and the lists in brackets: statements.ts says why.
 */
function creationOf(creations: readonly Creation[]): Statement {
  const of = <T>(field: (creation: Creation) => T) => creations.map(field);
  return {
    name: "order-create",
    text: `
      with asked as materialized (
        select * from unnest((select $1::uuid[]), (select $2::text[]), (select $3::text[]), (select $4::text[]), (select $5::text[]),
                             (select $6::boolean[]), (select $7::text[]), (select $8::text[]), (select $9::text[]),
                             (select $10::text[]), (select $11::text[]))
                        with ordinality as a(id, cart_id, user_id, email, mode, livemode, locale, items, parameters, idempotency_key, holds, n)
         where n between 1 and 9999
      ), created as (
        insert into oncepaid."order" (id, cart_id, user_id, email, mode, livemode, facts, locale)
        select id, cart_id, user_id, email, mode, livemode, $12::jsonb, locale from asked order by user_id, cart_id, n
        on conflict (user_id, cart_id) do nothing
        returning id
      ), items as (
        insert into oncepaid.order_item (order_id, product_key, quantity, price, stripe_price_id)
        select id, i."productKey", i.quantity, i.price, i."stripePriceId"
          from created join asked using (id)
         cross join jsonb_to_recordset(asked.items::jsonb)
               as i("productKey" text, quantity integer, price text, "stripePriceId" text)
      ), attempt as (
        insert into oncepaid.checkout_attempt (order_id, attempt, parameters, idempotency_key, lease_until)
        select id, 1, asked.parameters::json, asked.idempotency_key, now() + $13::interval from created join asked using (id)
      ), held as (
        insert into oncepaid.booking (order_id, slot_id, product_key, places, state, held_until, stranger)
        select id, h."slotId", h."productKey", h.places, 'held', to_timestamp(h.until), h.browser->>'stranger'
          from created join asked using (id)
         cross join jsonb_to_recordset(asked.holds::jsonb)
               as h("slotId" uuid, "productKey" text, places integer, until double precision, browser jsonb)
      )
      select id from created`,
    values: [
      of(({ order }) => order.id),
      of(({ order }) => order.cartId),
      of(({ order }) => order.userId),
      of(({ order }) => order.email ?? null),
      of(({ attempt }) => attempt.mode),
      of(({ order }) => order.livemode),
      of(({ attempt }) => attempt.locale),
      of(({ attempt }) => JSON.stringify(attempt.items)),
      of(({ attempt }) => JSON.stringify(attempt.parameters)),
      of(({ attempt }) => attempt.idempotencyKey),
      of(({ attempt: { hold } }) => JSON.stringify(hold ? [hold] : [])),
      JSON.stringify(NO_FACTS),
      LEASE,
    ],
  };
}
