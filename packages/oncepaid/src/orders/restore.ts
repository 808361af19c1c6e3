import { type Line, sameLines } from "#/catalog/cart.ts";
import { isUniqueViolation } from "#/database/errors.ts";
import type { Engine } from "#/engine.ts";
import { beginNextAttempt } from "#/orders/attempts.ts";
import { recordSession } from "#/orders/record-session.ts";
import { type Facts, NO_FACTS } from "#/rules/facts.ts";
import type { OrderStatus } from "#/rules/status.ts";

/**
 * Orders that are lost, because the database was restored from an older copy, made again from their Checkout Session. What
 * happened to them is not restored here: the facts come through the same door as ever.
 */

/** What an order's session says about the order. Amounts are minor units, times unix seconds. */
export type OrderOfSession = {
  orderId: string;
  cartId: string;
  userId: string;
  email: string | undefined;
  locale: string;
  mode: "payment" | "subscription";
  livemode: boolean;
  items: (Line & { unitAmount: number | null })[];
  /** The places it is for in a slot. */
  place: { slotId: string; productKey: string; places: number } | null;
  session: {
    id: string;
    url: string | null;
    createdAt: number;
    expiresAt: number;
    amountTotal: number | null;
    currency: string | null;
  };
};

/** What is here of an order that sessions name. */
export type HeldOrder = {
  id: string;
  status: OrderStatus;
  paid: boolean;
  attempt: number;
  /** Unix seconds, of the newest attempt. */
  attemptedAt: number;
  sessionId: string | null;
  /** Somebody is talking to Stripe about the newest attempt right now. */
  leased: boolean;
  items: Line[];
  facts: Facts;
  /** Every session it was ever tried with. */
  sessions: string[];
};

export async function findHeldOrders(engine: Engine, ids: string[]): Promise<Map<string, HeldOrder>> {
  const { rows } = await engine.database.query<HeldOrder>(
    `select o.id, o.status, o.paid_at is not null as paid, o.attempt, o.facts, a.session_id as "sessionId",
            extract(epoch from a.created_at)::float8 as "attemptedAt", coalesce(a.lease_until > now(), false) as leased,
            (select coalesce(json_agg(json_build_object('productKey', i.product_key, 'quantity', i.quantity, 'price', i.price,
                                                          'stripePriceId', i.stripe_price_id)), '[]')
               from oncepaid.order_item i where i.order_id = o.id) as items,
            (select coalesce(array_agg(s.session_id), '{}') from oncepaid.checkout_attempt s
              where s.order_id = o.id and s.session_id is not null) as sessions
       from oncepaid."order" o join oncepaid.checkout_attempt a on a.order_id = o.id and a.attempt = o.attempt
      where o.id = any ($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Makes a lost order again, with this session as its first attempt. False when it is here. */
export async function restoreOrder(engine: Engine, lost: OrderOfSession): Promise<boolean> {
  try {
    return await insertOrder(engine, lost, lost.cartId);
  } catch (error) {
    if (!isUniqueViolation(error, "order_user_id_cart_id_key")) throw error;
    // The buyer came back with the same cart meanwhile. The lost order may be paid, so it can't stay lost.
    return insertOrder(engine, lost, `restored:${lost.orderId}`);
  }
}

/**
 * Gives an order the newest of its sessions where it is not here: the attempt was lost, or it is the answer of a call that
 * was never heard. What was paid with it are its own items, so they replace the ones here. False when nothing had to be done.
 */
export async function restoreAttempt(
  engine: Engine,
  held: HeldOrder,
  lost: OrderOfSession,
): Promise<boolean> {
  const { session, items } = lost;
  if (held.paid || held.leased || held.sessions.includes(session.id)) return false;
  if (held.sessionId === null && sameLines(held.items, items)) {
    return (await recordRestored(engine, held.attempt, lost)) === "recorded";
  }
  if (session.createdAt <= held.attemptedAt) return false;
  const begun = await beginNextAttempt(engine, held.id, held.attempt, {
    mode: lost.mode,
    locale: lost.locale,
    email: lost.email,
    items,
    hold: lost.place && { ...lost.place, until: session.expiresAt },
    ...callOf(lost),
  });
  return begun === "begun" && (await recordRestored(engine, held.attempt + 1, lost)) === "recorded";
}

function recordRestored(engine: Engine, attempt: number, { orderId, session, items }: OrderOfSession) {
  // A session without a page here is not handed out: whoever wants to pay gets the next attempt.
  const opened = { ...session, clientSecret: null, unitAmounts: {} };
  const priced = items.flatMap(({ productKey, unitAmount }) =>
    unitAmount === null ? [] : [[productKey, unitAmount]],
  );
  return recordSession(engine, orderId, attempt, opened, Object.fromEntries(priced));
}

async function insertOrder(engine: Engine, lost: OrderOfSession, cartId: string): Promise<boolean> {
  const { session } = lost;
  const { parameters, idempotencyKey } = callOf(lost);
  const { rows } = await engine.database.query(
    `with restored as (
       insert into oncepaid."order" (id, cart_id, user_id, email, mode, livemode, currency, amount_total,
                            stripe_checkout_session_id, facts, created_at, restored_at, locale)
       values ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::boolean, $7::text, $8::bigint, $9::text, $10::jsonb,
               to_timestamp($11::double precision), now(), $17::text)
       on conflict (id) do nothing
       returning id
     ), items as (
       insert into oncepaid.order_item (order_id, product_key, quantity, unit_amount, price, stripe_price_id)
       select restored.id, i."productKey", i.quantity, i."unitAmount", i.price, i."stripePriceId"
         from restored, jsonb_to_recordset($12::jsonb)
              as i("productKey" text, quantity integer, "unitAmount" bigint, price text, "stripePriceId" text)
     ), attempt as (
       insert into oncepaid.checkout_attempt (order_id, attempt, parameters, idempotency_key, session_id, url, expires_at, created_at)
       select restored.id, 1, $13::json, $14::text, $9::text, $15::text, to_timestamp($16::double precision),
              to_timestamp($11::double precision)
         from restored
     ), placed as (
       -- Its places may be another's by now: whether it has any is decided anew when its payment is known.
       insert into oncepaid.booking (order_id, slot_id, product_key, places, state, held_until)
       select restored.id, slot.id, slot.product_key, p.places, 'released', to_timestamp($16::double precision)
         from restored, jsonb_to_recordset($18::jsonb) as p("slotId" uuid, "productKey" text, places integer)
         join oncepaid.slot on slot.id = p."slotId" and slot.product_key = p."productKey"
     )
     select id from restored`,
    [
      lost.orderId,
      cartId,
      lost.userId,
      lost.email ?? null,
      lost.mode,
      lost.livemode,
      session.currency,
      session.amountTotal,
      session.id,
      JSON.stringify(NO_FACTS),
      session.createdAt,
      JSON.stringify(lost.items),
      JSON.stringify(parameters),
      idempotencyKey,
      session.url,
      session.expiresAt,
      lost.locale,
      JSON.stringify(lost.place ? [lost.place] : []),
    ],
  );
  return rows.length > 0;
}

/** The call itself is lost, and never to be repeated: its answer is here. */
function callOf({ mode, orderId, session }: OrderOfSession) {
  return {
    parameters: { mode, client_reference_id: orderId },
    idempotencyKey: `restored:${session.id}`,
  };
}
